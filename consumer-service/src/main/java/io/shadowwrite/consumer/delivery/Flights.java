package io.shadowwrite.consumer.delivery;

import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.WriteResult;
import io.shadowwrite.replication.stream.Pace;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A few batches on the way to shadow-api at once: while one commits, the next is already there. What they carry says where
 * each continues, so shadow-api applies them in order however they arrive; here their answers are taken in the same order,
 * and after one that failed no other is. One thread sends.
 */
final class Flights implements AutoCloseable {

    private static final Duration CLOSE_BOUND = Duration.ofSeconds(1);

    private static final Duration AGAIN_AFTER = Duration.ofMillis(100);

    private final Landing landing;
    private final ExecutorService threads;
    private final Lock lock;
    private final Condition changed;

    // All guarded by lock.
    private final Deque<WriteLink> free;
    private @Nullable Throwable failure;

    /** The batch that was sent last. For the thread that sends. */
    private Flight last = new Flight(Outcome.LANDED);

    private enum Outcome {
        UNDERWAY,
        LANDED,
        FAILED
    }

    /** One batch from its sending to its landing. */
    private static final class Flight {

        // Guarded by lock.
        private Outcome outcome;

        Flight(Outcome outcome) {
            this.outcome = outcome;
        }
    }

    /** What an answer is good for; called in commit order, one call at a time. */
    @FunctionalInterface
    interface Landing {

        /** Acknowledges the answer, and whatever of the batch a hold kept back once it is applied. */
        void land(PreparedBatch batch, WriteResult answer, WriteLink link) throws InterruptedException;
    }

    /**
     * @param links one for each batch that may be on the way
     */
    Flights(List<WriteLink> links, Landing landing, Pace pace) {
        this.landing = landing;
        this.free = new ArrayDeque<>(links);
        this.threads = pace.newThreads("consumer-write", links.size());
        this.lock = pace.newLock();
        this.changed = lock.newCondition();
    }

    /**
     * Waits until another batch may be sent.
     *
     * @return false when there was no room in time
     * @throws RuntimeException what a batch before failed of
     */
    boolean awaitRoom(Duration time) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            rethrow();
            long nanos = time.toNanos();
            while (free.isEmpty() && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            rethrow();
            return !free.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Sends a batch that continues the one before. Only after {@link #awaitRoom}. */
    void send(PreparedBatch batch) {
        WriteLink link = takeLink();
        Flight before = last;
        Flight own = new Flight(Outcome.UNDERWAY);
        last = own;
        threads.execute(() -> fly(batch, link, before, own));
    }

    private WriteLink takeLink() {
        lock.lock();
        try {
            return free.removeFirst();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for every batch on the way, however long a hold keeps one.
     *
     * @param meanwhile done now and then
     */
    void awaitLanding(Runnable meanwhile) throws InterruptedException {
        while (outcome(last, AGAIN_AFTER) == Outcome.UNDERWAY) {
            requireNoFailure();
            meanwhile.run();
        }
        if (outcome(last, Duration.ZERO) == Outcome.FAILED) {
            requireNoFailure();
            throw new IllegalStateException("a batch failed without a reason");
        }
    }

    private void fly(PreparedBatch batch, WriteLink link, Flight before, Flight own) {
        try {
            WriteResult answer = write(batch, link, before);
            Outcome outcome = Outcome.FAILED;
            // When the one before failed, its own reason was kept; this batch is sent again from the stored position.
            if (answer != null && awaitEnd(before) == Outcome.LANDED) {
                landing.land(batch, answer, link);
                outcome = Outcome.LANDED;
            }
            end(own, link, outcome, null);
        } catch (InterruptedException | RuntimeException | Error reason) {
            end(own, link, Outcome.FAILED, reason);
        }
    }

    private void end(Flight own, WriteLink link, Outcome outcome, @Nullable Throwable reason) {
        lock.lock();
        try {
            failure = failure == null ? reason : failure;
            free.addLast(link);
            own.outcome = outcome;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Early only while the batch before is on its way. After it, the target does not stand where its answer said. Null when the
     * batch before failed.
     */
    private @Nullable WriteResult write(PreparedBatch batch, WriteLink link, Flight before)
            throws InterruptedException {
        while (true) {
            boolean early = outcome(before, Duration.ZERO) == Outcome.UNDERWAY;
            try {
                return link.write(batch);
            } catch (ShadowProblem problem) {
                if (!early || problem.type() != ProblemType.OUT_OF_TURN) {
                    throw problem;
                }
            }
            if (outcome(before, AGAIN_AFTER) == Outcome.FAILED) {
                return null;
            }
        }
    }

    /** How the batch ended, or that it did not in time. */
    private Outcome outcome(Flight flight, Duration time) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = time.toNanos();
            while (flight.outcome == Outcome.UNDERWAY && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return flight.outcome;
        } finally {
            lock.unlock();
        }
    }

    /** However long a hold keeps it. */
    private Outcome awaitEnd(Flight flight) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (flight.outcome == Outcome.UNDERWAY) {
                changed.await();
            }
            return flight.outcome;
        } finally {
            lock.unlock();
        }
    }

    private void requireNoFailure() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            rethrow();
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. */
    private void rethrow() throws InterruptedException {
        switch (failure) {
            case null -> {}
            case RuntimeException problem -> throw problem;
            case Error error -> throw error;
            case Throwable stopping -> throw new InterruptedException(stopping.getMessage());
        }
    }

    /** Waits for no answer: what is still on the way can only be applied in order, or is fenced by the next session. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            threads.awaitTermination(CLOSE_BOUND.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
