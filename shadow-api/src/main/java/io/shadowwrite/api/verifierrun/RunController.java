package io.shadowwrite.api.verifierrun;

import io.shadowwrite.protocol.Finding;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.RunStored;
import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.VerifierRun;
import java.util.List;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Finished comparisons. */
@RestController
@RequestMapping("/shadow/verifier/runs")
public final class RunController {

    private static final int MOST_RUNS = 1_000;

    private final Runs runs;
    private final Findings findings;

    public RunController(Runs runs, Findings findings) {
        this.runs = runs;
        this.findings = findings;
    }

    @PostMapping
    RunStored store(@RequestBody VerifierRun run) {
        return runs.store(run);
    }

    @GetMapping
    List<RunSummary> runs(@RequestParam("limit") int limit) {
        if (limit < 1 || limit > MOST_RUNS) {
            throw new ShadowProblem(ProblemType.MALFORMED_REQUEST, "limit is 1 to " + MOST_RUNS);
        }
        return runs.summaries(limit);
    }

    @GetMapping("/{runId}/findings")
    List<Finding> findings(@PathVariable("runId") UUID runId) {
        return findings.of(runId);
    }
}
