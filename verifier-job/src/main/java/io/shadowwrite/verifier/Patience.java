package io.shadowwrite.verifier;

import io.shadowwrite.protocol.PatientCaller;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Asks an API that does not answer again, but not for ever.
 *
 * @param bound how long one that does not answer
 * @param whileBusy how long one that answers that it reads as much as it may; each of its reads comes to an end
 */
record Patience(Duration bound, Duration whileBusy) {

    /** No more patience with one that is busy. */
    Patience(Duration bound) {
        this(bound, bound);
    }

    /**
     * The answer.
     *
     * @throws ShadowProblem when there is none within the bound, or it says no
     */
    <T> T call(Supplier<T> request) {
        long began = System.nanoTime();
        AtomicBoolean busy = new AtomicBoolean();
        try {
            return new PatientCaller(pause -> await(pause, began + (busy.get() ? whileBusy : bound).toNanos()))
                    .call(() -> noting(busy, request));
        } catch (InterruptedException e) {
            throw busy.get()
                    ? new ShadowProblem(
                            ProblemType.READERS_BUSY,
                            "shadow-api had no read free for %ds; raise shadow.read.pool-size, or lower shadow.verifier.readers"
                                    .formatted(whileBusy.toSeconds()),
                            e)
                    : new ShadowProblem(
                            ProblemType.TARGET_UNAVAILABLE,
                            "shadow-api did not answer within %ds; check shadow.api.url and that it runs"
                                    .formatted(bound.toSeconds()),
                            e);
        }
    }

    private static <T> T noting(AtomicBoolean busy, Supplier<T> request) {
        try {
            return request.get();
        } catch (ShadowProblem e) {
            busy.set(e.type() == ProblemType.READERS_BUSY);
            throw e;
        }
    }

    private static void await(Duration pause, long deadline) throws InterruptedException {
        if (System.nanoTime() + pause.toNanos() - deadline >= 0) {
            throw new InterruptedException("out of patience");
        }
        Thread.sleep(pause);
    }
}
