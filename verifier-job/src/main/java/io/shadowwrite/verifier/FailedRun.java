package io.shadowwrite.verifier;

import io.shadowwrite.protocol.RunStart;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.VerifierRun;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.progress.Step;
import io.shadowwrite.verification.session.VerificationProblem;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A run that began and has no result: inconclusive, with the reason that the program ends with. */
record FailedRun(RunStart start, Patience patience, Progress progress) {

    private static final Logger LOG = LoggerFactory.getLogger(FailedRun.class);

    /** Stores it as well as that goes; the failure is the caller's to tell. */
    void store(ShadowApi api, RuntimeException failure) {
        try {
            VerifierRun run = of(reason(failure));
            patience.call(() -> api.storeRun(run));
            progress.step(Step.STORED, "%s as run %s: %s".formatted(run.verdict(), run.runId(), run.reason()));
        } catch (ShadowProblem e) {
            // Without shadow-api nothing can be stored, and a run that is stored already keeps what it says.
            LOG.warn("The reason is not stored with run {} ({})", start.runId(), e.getMessage());
        }
    }

    private VerifierRun of(String reason) {
        return new VerifierRun(
                start.runId(),
                start.mode(),
                start.tickHour(),
                start.tickClock(),
                "none",
                null,
                start.startedAt(),
                Instant.now().truncatedTo(ChronoUnit.MICROS),
                Verdict.INCONCLUSIVE,
                reason,
                0,
                List.of(),
                0,
                List.of(),
                List.of());
    }

    /** What nobody expected may say anything, values of rows included. */
    private static String reason(RuntimeException failure) {
        return switch (failure) {
            case ShadowProblem _, StreamProblem _, VerificationProblem _ -> String.valueOf(failure.getMessage());
            default -> "the verifier failed unexpectedly; its log says why";
        };
    }
}
