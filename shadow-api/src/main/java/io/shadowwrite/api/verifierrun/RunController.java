package io.shadowwrite.api.verifierrun;

import io.shadowwrite.protocol.Finding;
import io.shadowwrite.protocol.FindingClass;
import io.shadowwrite.protocol.FindingPage;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.RunPage;
import io.shadowwrite.protocol.RunStart;
import io.shadowwrite.protocol.RunStored;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.VerifierRun;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Comparisons, from their beginning on. */
@RestController
@RequestMapping("/shadow/verifier/runs")
public final class RunController {

    /** Most runs or findings of one answer. */
    private static final int MOST = 1_000;

    private final Runs runs;
    private final RunReads reads;
    private final Findings findings;

    public RunController(Runs runs, RunReads reads, Findings findings) {
        this.runs = runs;
        this.reads = reads;
        this.findings = findings;
    }

    @PostMapping("/started")
    RunStored begin(@RequestBody RunStart start) {
        return runs.begin(start);
    }

    @PostMapping
    RunStored store(@RequestBody VerifierRun run) {
        return runs.store(run);
    }

    @GetMapping
    RunPage runs(
            @RequestParam(name = "limit", defaultValue = "100") int limit,
            @RequestParam(name = "before", required = false) @Nullable UUID before,
            @RequestParam(name = "mode", required = false) @Nullable String mode,
            @RequestParam(name = "verdict", required = false) @Nullable Verdict verdict) {
        checkLimit(limit);
        if (before != null) {
            reads.requireStored(before);
        }
        return reads.page(limit, before, mode, verdict);
    }

    @GetMapping("/{run_id}/findings")
    FindingPage findings(
            @PathVariable("run_id") UUID runId,
            @RequestParam(name = "limit", defaultValue = "100") int limit,
            @RequestParam(name = "after", defaultValue = "0") int after,
            @RequestParam(name = "finding_class", required = false) @Nullable FindingClass findingClass,
            @RequestParam(name = "model", required = false) @Nullable String model) {
        checkLimit(limit);
        reads.requireStored(runId);
        return findings.page(runId, limit, after, findingClass, model);
    }

    @GetMapping("/{run_id}/findings/{ordinal}")
    Finding finding(@PathVariable("run_id") UUID runId, @PathVariable("ordinal") int ordinal) {
        reads.requireStored(runId);
        return findings.one(runId, ordinal)
                .orElseThrow(() -> new ShadowProblem(
                        ProblemType.NOT_FOUND, "run %s has no stored finding %d".formatted(runId, ordinal)));
    }

    private static void checkLimit(int limit) {
        if (limit < 1 || limit > MOST) {
            throw new ShadowProblem(ProblemType.MALFORMED_REQUEST, "limit is 1 to " + MOST);
        }
    }
}
