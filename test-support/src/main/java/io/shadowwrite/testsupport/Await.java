package io.shadowwrite.testsupport;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A bounded wait for a condition.
 *
 * <p>A probe that throws a {@link RuntimeException} counts as "not yet" (a server that restarts refuses connections);
 * the last one becomes the cause of the failure. An {@link AssertionError} ends the wait at once.
 */
public final class Await {

    private static final long FIRST_PAUSE_MILLIS = 2;
    private static final long LONGEST_PAUSE_MILLIS = 50;

    private Await() {}

    /** Returns when {@code condition} holds, or fails after {@code bound} with {@code what} in its message. */
    public static void until(String what, Duration bound, BooleanSupplier condition) {
        untilValue(what, bound, condition::getAsBoolean, Boolean::booleanValue);
    }

    /** Returns the first value that {@code wanted} accepts, or fails after {@code bound} naming the last value. */
    public static <T> T untilValue(String what, Duration bound, Supplier<T> probe, Predicate<T> wanted) {
        long deadline = System.nanoTime() + bound.toNanos();
        long pause = FIRST_PAUSE_MILLIS;
        while (true) {
            String last;
            RuntimeException refusal = null;
            try {
                T value = probe.get();
                if (wanted.test(value)) {
                    return value;
                }
                last = "last value: " + value;
            } catch (RuntimeException e) {
                last = "last probe failed: " + e;
                refusal = e;
            }
            if (System.nanoTime() - deadline >= 0) {
                throw expired(what, bound, last, refusal);
            }
            pause(pause);
            pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
        }
    }

    private static AssertionError expired(
            String what, Duration bound, String last, @Nullable RuntimeException refusal) {
        return new AssertionError("Not within " + bound + ": " + what + " (" + last + ")", refusal);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while waiting", e);
        }
    }
}
