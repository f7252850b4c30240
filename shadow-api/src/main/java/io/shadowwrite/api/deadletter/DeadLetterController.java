package io.shadowwrite.api.deadletter;

import io.shadowwrite.api.security.Caller;
import io.shadowwrite.protocol.DeadLetter;
import io.shadowwrite.protocol.DeadLetterContent;
import io.shadowwrite.protocol.DeadLetterPage;
import io.shadowwrite.protocol.LetterClass;
import io.shadowwrite.protocol.LetterCorrection;
import io.shadowwrite.protocol.LetterFilter;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.protocol.LsnText;
import io.shadowwrite.protocol.ParkRequest;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReplayRequest;
import io.shadowwrite.protocol.ReplayResult;
import io.shadowwrite.protocol.ResolveRequest;
import io.shadowwrite.protocol.ResolveResult;
import io.shadowwrite.protocol.ShadowProblem;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Dead letters one by one. */
@RestController
@RequestMapping("/shadow/dlq")
public final class DeadLetterController {

    private static final int LONGEST_PAGE = 1_000;

    private final LetterIntake intake;
    private final Listing listing;
    private final Corrections corrections;
    private final Replays replays;
    private final Resolutions resolutions;

    DeadLetterController(
            LetterIntake intake, Listing listing, Corrections corrections, Replays replays, Resolutions resolutions) {
        this.intake = intake;
        this.listing = listing;
        this.corrections = corrections;
        this.replays = replays;
        this.resolutions = resolutions;
    }

    @PostMapping
    DeadLetter park(@RequestBody ParkRequest request) {
        return listing.one(intake.park(request));
    }

    @GetMapping
    DeadLetterPage page(
            @RequestParam(name = "state", required = false) @Nullable LetterState state,
            @RequestParam(name = "class", required = false) @Nullable LetterClass letterClass,
            @RequestParam(name = "source_table", required = false) @Nullable String sourceTable,
            @RequestParam(name = "source_key", required = false) @Nullable String sourceKey,
            @RequestParam(name = "problem", required = false) @Nullable String problem,
            @RequestParam(name = "from_lsn", required = false) @Nullable String fromLsn,
            @RequestParam(name = "to_lsn", required = false) @Nullable String toLsn,
            @RequestParam(name = "after", required = false) @Nullable Long after,
            @RequestParam("limit") int limit) {
        if (limit < 1 || limit > LONGEST_PAGE) {
            throw new ShadowProblem(ProblemType.MALFORMED_REQUEST, "limit is 1 to " + LONGEST_PAGE);
        }
        LetterFilter filter = new LetterFilter(
                state, letterClass, sourceTable, sourceKey, problem, lsn("from_lsn", fromLsn), lsn("to_lsn", toLsn));
        return listing.page(filter, after == null ? 0 : after, limit);
    }

    private static @Nullable LogSequenceNumber lsn(String name, @Nullable String text) {
        return text == null ? null : LsnText.parse(name, text);
    }

    @GetMapping("/{id}")
    DeadLetterContent one(@PathVariable("id") long id) {
        return corrections.content(id);
    }

    @PatchMapping("/{id}")
    DeadLetterContent correct(
            @PathVariable("id") long id,
            @RequestBody LetterCorrection correction,
            @RequestAttribute(Caller.ATTRIBUTE) Caller caller) {
        caller.mustBeOperator("correcting a dead letter");
        return corrections.correct(id, correction);
    }

    @PostMapping("/{id}/replay")
    ReplayResult replay(
            @PathVariable("id") long id,
            @RequestBody ReplayRequest request,
            @RequestAttribute(Caller.ATTRIBUTE) Caller caller) {
        caller.mustBeOperator("replaying a dead letter");
        return replays.replay(id, _ -> true, new Decision(request.who(), request.reason()));
    }

    @PostMapping("/{id}/resolve")
    ResolveResult resolve(
            @PathVariable("id") long id,
            @RequestBody ResolveRequest request,
            @RequestAttribute(Caller.ATTRIBUTE) Caller caller) {
        caller.mustBeOperator("resolving a dead letter");
        return resolutions.resolve(id, request.behind(), new Decision(request.who(), request.reason()));
    }
}
