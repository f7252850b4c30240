package io.shadowwrite.api.hold;

import io.shadowwrite.api.conservation.ConservationCheck;
import io.shadowwrite.api.security.Caller;
import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.FenceNote;
import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.ResumeRequest;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Halting the consumer and letting it go. */
@RestController
@RequestMapping("/shadow/cutover")
public final class HoldController {

    private final Holds holds;
    private final Fences fences;
    private final ConservationCheck conservation;

    public HoldController(Holds holds, Fences fences, ConservationCheck conservation) {
        this.holds = holds;
        this.fences = fences;
        this.conservation = conservation;
    }

    @PostMapping("/halt-target")
    ControlState halt(@RequestBody HaltRequest request, @RequestAttribute(Caller.ATTRIBUTE) Caller caller) {
        return holds.halt(request, caller);
    }

    @PostMapping("/resume")
    ControlState resume(@RequestBody ResumeRequest request, @RequestAttribute(Caller.ATTRIBUTE) Caller caller) {
        ControlState resumed = holds.resume(request, caller);
        // Whoever held the consumer at a pin asks next whether everything below it is counted.
        conservation.countLittle();
        return resumed;
    }

    @PostMapping("/fence")
    ControlState fence(@RequestBody FenceNote note) {
        return fences.note(note);
    }
}
