package io.shadowwrite.api.deadletter;

import io.shadowwrite.api.security.Caller;
import io.shadowwrite.protocol.LetterFilter;
import io.shadowwrite.protocol.LetterSelection;
import io.shadowwrite.protocol.ResolveResult;
import io.shadowwrite.protocol.SelectionReplay;
import io.shadowwrite.protocol.SelectionResolve;
import io.shadowwrite.protocol.SelectionResult;
import java.util.UUID;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Dead letters in bulk. */
@RestController
@RequestMapping("/shadow/dlq/selections")
public final class SelectionController {

    private final Selections selections;

    SelectionController(Selections selections) {
        this.selections = selections;
    }

    @PostMapping
    LetterSelection freeze(@RequestBody LetterFilter filter, @RequestAttribute(Caller.ATTRIBUTE) Caller caller) {
        caller.mustBeOperator("selecting dead letters");
        return selections.freeze(filter);
    }

    @PostMapping("/{id}/replay")
    SelectionResult replay(
            @PathVariable("id") UUID id,
            @RequestBody SelectionReplay request,
            @RequestAttribute(Caller.ATTRIBUTE) Caller caller) {
        caller.mustBeOperator("replaying dead letters");
        return selections.replay(id, request);
    }

    @PostMapping("/{id}/resolve")
    ResolveResult resolve(
            @PathVariable("id") UUID id,
            @RequestBody SelectionResolve request,
            @RequestAttribute(Caller.ATTRIBUTE) Caller caller) {
        caller.mustBeOperator("resolving dead letters");
        return selections.resolve(id, request.count(), request.behind(), new Decision(request.who(), request.reason()));
    }
}
