package io.shadowwrite.verifier;

import io.shadowwrite.protocol.PatientCaller;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.time.Duration;
import java.util.function.Supplier;

/** Asks an API that does not answer again, but not for ever. */
final class Patience {

    private final Duration bound;

    Patience(Duration bound) {
        this.bound = bound;
    }

    /**
     * The answer.
     *
     * @throws ShadowProblem when there is none within the bound, or it says no
     */
    <T> T call(Supplier<T> request) {
        long deadline = System.nanoTime() + bound.toNanos();
        try {
            return new PatientCaller(pause -> await(pause, deadline)).call(request);
        } catch (InterruptedException e) {
            throw new ShadowProblem(
                    ProblemType.TARGET_UNAVAILABLE,
                    "shadow-api did not answer within %ds; check shadow.api.url and that it runs"
                            .formatted(bound.toSeconds()),
                    e);
        }
    }

    private static void await(Duration pause, long deadline) throws InterruptedException {
        if (System.nanoTime() + pause.toNanos() - deadline >= 0) {
            throw new InterruptedException("out of patience");
        }
        Thread.sleep(pause);
    }
}
