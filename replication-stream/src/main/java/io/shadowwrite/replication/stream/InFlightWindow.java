package io.shadowwrite.replication.stream;

import io.shadowwrite.replication.Lsn;
import io.shadowwrite.replication.SourceTransaction;
import io.shadowwrite.replication.StreamProblem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * What was received and is not applied yet, between the stream thread and the delivery side. Safe for both.
 *
 * <p>Positions only grow: received transactions wait, then are handed out, then are applied. A position that moved without a
 * transaction (nothing of ours was written) is offered when nothing is in flight, at most once a second.
 */
final class InFlightWindow {

    /** What a batch becomes may be larger than it was on the wire, and must still fit into one request. */
    private static final long MOST_BATCH_BYTES = 16L << 20;

    private static final long OFFER_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Deque<SourceTransaction> waiting = new ArrayDeque<>();
    private final Deque<SourceTransaction> handedOut = new ArrayDeque<>();

    // All guarded by lock. idle: everything below was received, whether or not it contained anything.
    private LogSequenceNumber idle;
    private LogSequenceNumber offered;
    private LogSequenceNumber applied;
    private long offeredAt = System.nanoTime() - OFFER_INTERVAL_NANOS;
    private int changes;
    private long bytes;
    private @Nullable StreamProblem failure;

    InFlightWindow(LogSequenceNumber start) {
        this.idle = start;
        this.offered = start;
        this.applied = start;
    }

    /** A transaction is complete. An empty one only moves the position. */
    void add(SourceTransaction transaction) {
        lock.lock();
        try {
            if (transaction.changes().isEmpty() && transaction.messages().isEmpty()) {
                idle = Lsn.max(idle, transaction.endLsn());
            } else {
                waiting.addLast(transaction);
                changes += transaction.changes().size();
                bytes += transaction.bytes();
                arrived.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Everything that committed below was received. */
    void receivedBelow(LogSequenceNumber position) {
        lock.lock();
        try {
            idle = Lsn.max(idle, position);
        } finally {
            lock.unlock();
        }
    }

    /** The stream is over; whoever takes next learns why. */
    void fail(StreamProblem problem) {
        lock.lock();
        try {
            if (failure == null) {
                failure = problem;
            }
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** One batch, possibly empty after {@code waitNanos}. */
    Batch take(int maxChanges, long waitNanos) throws InterruptedException {
        long deadline = System.nanoTime() + waitNanos;
        lock.lockInterruptibly();
        try {
            while (true) {
                if (failure != null) {
                    throw failure;
                }
                if (!waiting.isEmpty()) {
                    return handOut(maxChanges);
                }
                long now = System.nanoTime();
                long untilOffer = nanosUntilOffer(now);
                if (untilOffer <= 0) {
                    offered = idle;
                    offeredAt = now;
                    return new Batch(List.of(), offered);
                }
                if (deadline - now <= 0) {
                    return new Batch(List.of(), offered);
                }
                // Bounded by the offer interval, because a position that moves wakes nobody.
                arrived.awaitNanos(Math.min(Math.min(deadline - now, untilOffer), OFFER_INTERVAL_NANOS / 4));
            }
        } finally {
            lock.unlock();
        }
    }

    private long nanosUntilOffer(long now) {
        boolean nothingInFlight = waiting.isEmpty() && handedOut.isEmpty();
        if (!nothingInFlight || idle.compareTo(offered) <= 0) {
            return Long.MAX_VALUE;
        }
        return offeredAt + OFFER_INTERVAL_NANOS - now;
    }

    private Batch handOut(int maxChanges) {
        List<SourceTransaction> batch = new ArrayList<>();
        int count = 0;
        long size = 0;
        SourceTransaction next = waiting.peekFirst();
        while (next != null
                && (batch.isEmpty()
                        || (count + next.changes().size() <= maxChanges
                                && batch.size() < maxChanges
                                && size + next.bytes() <= MOST_BATCH_BYTES))) {
            waiting.removeFirst();
            handedOut.addLast(next);
            batch.add(next);
            count += next.changes().size();
            size += next.bytes();
            next = waiting.peekFirst();
        }
        offered = Lsn.max(offered, batch.getLast().endLsn());
        return new Batch(batch, offered);
    }

    /** Everything below is applied; answers the highest position applied. */
    LogSequenceNumber applied(LogSequenceNumber position) {
        lock.lock();
        try {
            if (position.compareTo(offered) > 0) {
                throw new IllegalArgumentException(
                        "position " + position + " was never handed out, the last one is " + offered);
            }
            SourceTransaction first = handedOut.peekFirst();
            while (first != null && first.commitLsn().compareTo(position) < 0) {
                handedOut.removeFirst();
                changes -= first.changes().size();
                bytes -= first.bytes();
                first = handedOut.peekFirst();
            }
            applied = Lsn.max(applied, position);
            return applied;
        } finally {
            lock.unlock();
        }
    }

    /** Whether complete transactions wait for their application. */
    boolean anythingInFlight() {
        lock.lock();
        try {
            return !waiting.isEmpty() || !handedOut.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Row changes of complete transactions. */
    int changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes on the wire of complete transactions. */
    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /** The highest position applied. */
    LogSequenceNumber applied() {
        lock.lock();
        try {
            return applied;
        } finally {
            lock.unlock();
        }
    }
}
