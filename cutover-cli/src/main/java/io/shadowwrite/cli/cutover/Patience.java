package io.shadowwrite.cli.cutover;

import io.shadowwrite.protocol.PatientCaller;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.time.Duration;
import java.util.function.Supplier;

/** Asks an API that does not answer again, but not for ever. For one thread. */
record Patience(Duration bound) {

    /**
     * The answer.
     *
     * @throws ShadowProblem when it says no, or nothing within the bound
     * @throws InterruptedException when the attempt shall end
     */
    <T> T call(Supplier<T> request) throws InterruptedException {
        long deadline = System.nanoTime() + bound.toNanos();
        return new PatientCaller(pause -> {
                    if (System.nanoTime() + pause.toNanos() - deadline >= 0) {
                        throw new ShadowProblem(
                                ProblemType.TARGET_UNAVAILABLE,
                                "shadow-api did not do what it was asked within %ds".formatted(bound.toSeconds()));
                    }
                    Thread.sleep(pause);
                })
                .call(request);
    }
}
