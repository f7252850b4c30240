package io.shadowwrite.backfill;

import io.shadowwrite.protocol.PatientCaller;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Repeats what may be repeated while the API is away or somebody else is in the way, but not for ever.
 *
 * @param bound for one request, however often it is sent
 */
record Patience(Duration bound) {

    /**
     * The answer.
     *
     * @throws ShadowProblem when there is none within the bound, or it says no
     */
    <T> T call(Supplier<T> request) throws InterruptedException {
        long deadline = System.nanoTime() + bound.toNanos();
        return new PatientCaller(pause -> await(pause, deadline)).call(request);
    }

    private void await(Duration pause, long deadline) throws InterruptedException {
        if (System.nanoTime() + pause.toNanos() - deadline >= 0) {
            throw new ShadowProblem(
                    ProblemType.TARGET_UNAVAILABLE,
                    "shadow-api did not do it within %s (shadow.backfill.api-patience); see its log, and repeat"
                            .formatted(bound));
        }
        Thread.sleep(pause);
    }
}
