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
import java.util.concurrent.locks.Lock;
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
    private static final long MOST_BATCH_BYTES = 4L << 20;

    private static final long OFFER_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Pace pace;
    private final Lock lock;
    private final Condition arrived;
    private final Deque<Received> waiting = new ArrayDeque<>();
    private final Deque<HandedOut> handedOut = new ArrayDeque<>();

    // All guarded by lock. idle: everything below was received, whether or not it contained anything.
    private LogSequenceNumber idle;
    private LogSequenceNumber offered;
    private LogSequenceNumber applied;
    private long offeredAt;
    private int changes;
    private long bytes;

    /** The part that was handed out last and is still being worked on. */
    private @Nullable Part partOut;

    /** Commit of the transaction of which parts were handed out and not all are applied. */
    private @Nullable LogSequenceNumber inParts;

    private @Nullable StreamProblem failure;

    /** What is still counted of a transaction while others work on it; its rows are theirs to keep or to forget. */
    private record HandedOut(LogSequenceNumber commitLsn, int changes, long bytes) {}

    InFlightWindow(LogSequenceNumber start) {
        this(start, Pace.OF_THE_MACHINE);
    }

    InFlightWindow(LogSequenceNumber start, Pace pace) {
        this.pace = pace;
        this.lock = pace.newLock();
        this.arrived = lock.newCondition();
        this.offeredAt = pace.nanoTime() - OFFER_INTERVAL_NANOS;
        this.idle = start;
        this.offered = start;
        this.applied = start;
    }

    /** A transaction, or the next part of one, is complete. An empty transaction only moves the position. */
    void add(Received received) {
        lock.lock();
        try {
            if (received instanceof Received.Whole(SourceTransaction transaction)
                    && transaction.changes().isEmpty()
                    && transaction.messages().isEmpty()) {
                idle = Lsn.max(idle, transaction.endLsn());
            } else {
                waiting.addLast(received);
                changes += received.size();
                bytes += received.bytes();
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

    /** One batch or part, the batch possibly empty after {@code waitNanos}. */
    Handout take(int maxChanges, long waitNanos) throws InterruptedException {
        long deadline = pace.nanoTime() + waitNanos;
        lock.lockInterruptibly();
        try {
            forgetPart();
            while (true) {
                if (failure != null) {
                    throw failure;
                }
                if (!waiting.isEmpty()) {
                    return handOut(maxChanges);
                }
                long now = pace.nanoTime();
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
        if (inFlight() || idle.compareTo(offered) <= 0) {
            return Long.MAX_VALUE;
        }
        return offeredAt + OFFER_INTERVAL_NANOS - now;
    }

    private Handout handOut(int maxChanges) {
        return waiting.peekFirst() instanceof Part part ? handOut(part) : handOutWhole(maxChanges);
    }

    private Part handOut(Part part) {
        waiting.removeFirst();
        partOut = part;
        inParts = part.commitLsn();
        offered = Lsn.max(offered, part.completeBelow());
        return part;
    }

    private void forgetPart() {
        if (partOut != null) {
            changes -= partOut.size();
            bytes -= partOut.bytes();
            partOut = null;
        }
    }

    private Batch handOutWhole(int maxChanges) {
        List<SourceTransaction> batch = new ArrayList<>();
        int count = 0;
        long size = 0;
        while (waiting.peekFirst() instanceof Received.Whole(SourceTransaction next)
                && (batch.isEmpty()
                        || (count + next.changes().size() <= maxChanges
                                && batch.size() < maxChanges
                                && size + next.bytes() <= MOST_BATCH_BYTES))) {
            waiting.removeFirst();
            handedOut.addLast(new HandedOut(next.commitLsn(), next.changes().size(), next.bytes()));
            batch.add(next);
            count += next.changes().size();
            size += next.bytes();
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
            HandedOut first = handedOut.peekFirst();
            while (first != null && first.commitLsn().compareTo(position) < 0) {
                handedOut.removeFirst();
                changes -= first.changes();
                bytes -= first.bytes();
                first = handedOut.peekFirst();
            }
            if (inParts != null && inParts.compareTo(position) < 0) {
                inParts = null;
            }
            applied = Lsn.max(applied, position);
            return applied;
        } finally {
            lock.unlock();
        }
    }

    private boolean inFlight() {
        return !waiting.isEmpty() || !handedOut.isEmpty() || inParts != null;
    }

    /** Whether the delivery side has something to work on; while it waits for the next part, only reading on helps it. */
    boolean anythingToWorkOn() {
        lock.lock();
        try {
            return !waiting.isEmpty() || !handedOut.isEmpty() || partOut != null;
        } finally {
            lock.unlock();
        }
    }

    /** Row changes that are held. */
    int changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /** Their bytes on the wire. */
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
