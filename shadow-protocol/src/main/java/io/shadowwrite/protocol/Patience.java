package io.shadowwrite.protocol;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Repeats what may be repeated while the API is away or somebody else is in the way, but not for ever. For any thread.
 *
 * @param bound for one request, however often it is sent
 * @param fix what to do when that was not long enough
 */
public record Patience(Duration bound, String fix) {

    /**
     * The answer.
     *
     * @throws ShadowProblem when it says no, or nothing within the bound
     * @throws InterruptedException when the program shall end
     */
    public <T> T call(Supplier<T> request) throws InterruptedException {
        long deadline = System.nanoTime() + bound.toNanos();
        return new PatientCaller(pause -> await(pause, deadline)).call(request);
    }

    private void await(Duration pause, long deadline) throws InterruptedException {
        if (System.nanoTime() + pause.toNanos() - deadline >= 0) {
            throw new ShadowProblem(
                    ProblemType.TARGET_UNAVAILABLE,
                    "shadow-api did not do what it was asked within %d s; %s".formatted(bound.toSeconds(), fix));
        }
        Thread.sleep(pause);
    }
}
