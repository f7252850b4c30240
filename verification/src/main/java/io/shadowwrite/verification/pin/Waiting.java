package io.shadowwrite.verification.pin;

import java.time.Duration;

/** Pauses that grow, up to a deadline. Not thread-safe. */
final class Waiting {

    private static final long SHORTEST_PAUSE_MILLIS = 5;
    private static final long LONGEST_PAUSE_MILLIS = 20;

    private final long deadlineNanos;
    private long pauseMillis = SHORTEST_PAUSE_MILLIS;

    Waiting(Duration bound) {
        this.deadlineNanos = System.nanoTime() + bound.toNanos();
    }

    boolean over() {
        return System.nanoTime() - deadlineNanos >= 0;
    }

    void pause() {
        try {
            Thread.sleep(pauseMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PinMissed("interrupted while waiting for the readers");
        }
        pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
    }
}
