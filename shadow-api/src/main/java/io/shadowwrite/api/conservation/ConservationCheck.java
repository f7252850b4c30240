package io.shadowwrite.api.conservation;

import io.shadowwrite.api.database.ShadowDatabase;
import java.util.concurrent.atomic.AtomicBoolean;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Counts what became of the changes, window by window behind both readers; each receipt once. It has no thread of its own:
 * the slot reader's requests drive it, without whom there is nothing to count against, and the ends of holds. Thread-safe.
 */
public final class ConservationCheck {

    /** In bytes of WAL. */
    static final long WINDOW_BYTES = 16L << 20;

    /** In bytes of WAL: some thousand changes, within milliseconds. */
    static final long LITTLE_BYTES = 1L << 20;

    /** Commits can lie close together whose changes do not. Half a second of the target's CPU. */
    private static final int MOST_RECEIPTS = 200_000;

    /** A quarter of a gigabyte of WAL in one go; the next request goes on. */
    private static final int MOST_WINDOWS = 16;

    /** Nor another window after so long; somebody waits for the request that drives it. */
    private static final long NANOS_AT_ONCE = 2_000_000_000L;

    /** Beyond it something fundamental is wrong, and more of the same tells nobody anything. */
    private static final int MOST_BROKEN = 1_000;

    private static final int BROKEN_AT_ONCE = 10;

    private static final long NANOS_BETWEEN = 1_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(ConservationCheck.class);

    private final ShadowDatabase database;
    private final Tally tally;
    private final int mostReceipts;
    private final AtomicBoolean running = new AtomicBoolean();

    private volatile long dueAtNanos = System.nanoTime();

    public ConservationCheck(ShadowDatabase database) {
        this(database, MOST_RECEIPTS);
    }

    /** @param mostReceipts of a side that are counted in one transaction, unless a single source transaction has more */
    ConservationCheck(ShadowDatabase database, int mostReceipts) {
        this.database = database;
        this.tally = new Tally(database);
        this.mostReceipts = mostReceipts;
    }

    /** Counts what is new, now and then. What hinders it is logged and tried again, and shows as a range that does not grow. */
    public void advance() {
        if (System.nanoTime() - dueAtNanos >= 0) {
            unlessRunning(this::countUnlessSomebodyJustDid);
        }
    }

    /** Counts what is new although somebody just did, if it is little: the caller's own answer waits. Fails like {@link #advance}. */
    public void countLittle() {
        boolean failedOfLate = dueAtNanos - System.nanoTime() > NANOS_BETWEEN;
        if (!failedOfLate) {
            unlessRunning(() -> database.inTransaction(() -> countWindow(LITTLE_BYTES)));
        }
    }

    /** Counts some transactions again that were not whole and may be now; each once in a while. Fails like {@link #advance}. */
    public void lookAgain() {
        unlessRunning(this::countBrokenAgain);
    }

    private void countUnlessSomebodyJustDid() {
        boolean done = tally.countedJustNow() || countWindows();
        dueAtNanos = System.nanoTime() + (done ? NANOS_BETWEEN : 0);
    }

    private void unlessRunning(Runnable count) {
        if (!running.compareAndSet(false, true)) {
            return;
        }
        try {
            count.run();
        } catch (DataAccessException | TransactionException e) {
            dueAtNanos = System.nanoTime() + 10 * NANOS_BETWEEN;
            LOG.warn("What became of the changes cannot be counted now: {}", e.getMessage());
        } finally {
            running.set(false);
        }
    }

    /** False when there is more to count. */
    boolean countWindows() {
        long begun = System.nanoTime();
        for (int windows = 0; windows < MOST_WINDOWS && System.nanoTime() - begun < NANOS_AT_ONCE; windows++) {
            if (database.inTransaction(this::countWindow)) {
                return true;
            }
        }
        return false;
    }

    /** True when there is nothing more to count. */
    boolean countWindow() {
        return countWindow(Long.MAX_VALUE);
    }

    /** Counts nothing when there is more, in bytes of WAL, behind which a transaction of any size may be. */
    private boolean countWindow(long mostBytes) {
        LogSequenceNumber from = tally.lockIfFree();
        LogSequenceNumber readers = tally.readersBelow();
        if (from == null || readers == null) {
            return !tally.begin();
        }
        if (from.compareTo(readers) >= 0 || tally.broken() >= MOST_BROKEN) {
            return true;
        }
        if (readers.asLong() - from.asLong() > mostBytes) {
            return false;
        }
        LogSequenceNumber most = LogSequenceNumber.valueOf(from.asLong() + WINDOW_BYTES);
        LogSequenceNumber end = tally.endOfWindow(from, most.compareTo(readers) < 0 ? most : readers, mostReceipts);
        tally.count(from, end);
        return end.equals(readers);
    }

    private void countBrokenAgain() {
        long begun = System.nanoTime();
        int counted = 0;
        while (counted < BROKEN_AT_ONCE
                && System.nanoTime() - begun < NANOS_AT_ONCE
                && database.inTransaction(this::countOneAgain)) {
            counted++;
        }
    }

    /** False when there is none. */
    private boolean countOneAgain() {
        LogSequenceNumber commit = tally.lockIfFree() == null ? null : tally.takeBroken();
        if (commit == null) {
            return false;
        }
        tally.count(commit, LogSequenceNumber.valueOf(commit.asLong() + 1));
        return true;
    }
}
