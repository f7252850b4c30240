package io.shadowwrite.api.write;

import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Lets a batch that is here before its turn wait a while without a connection. Most need not: while the batch before is
 * being applied, the next one queues for the window's lock. Thread-safe.
 */
final class Turns {

    /** Shorter than a client waits for an answer. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

    /** Another instance of the API may apply the batch before, and tells us nothing. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();

    // Guarded by lock.
    private long moves;

    /** Attempts again and again while the answer is OUT_OF_TURN, for a bounded time. */
    <T> T await(Supplier<T> attempt) {
        long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (true) {
            long seen = moves();
            try {
                return attempt.get();
            } catch (ShadowProblem problem) {
                if (problem.type() != ProblemType.OUT_OF_TURN || System.nanoTime() >= deadline || !awaitMove(seen)) {
                    throw problem;
                }
            }
        }
    }

    /** The position may have moved. */
    void moved() {
        lock.lock();
        try {
            moves++;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private long moves() {
        lock.lock();
        try {
            return moves;
        } finally {
            lock.unlock();
        }
    }

    /** False when this thread shall end. */
    private boolean awaitMove(long seen) {
        lock.lock();
        try {
            long nanos = LOOK_AGAIN.toNanos();
            while (moves == seen && nanos > 0) {
                nanos = moved.awaitNanos(nanos);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
