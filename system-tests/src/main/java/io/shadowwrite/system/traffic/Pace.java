package io.shadowwrite.system.traffic;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** When all writers of a run together may go on: not faster than the rate, not further than the goal. Thread-safe. */
final class Pace {

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final long goal;
    private final double changesPerSecond;
    private final BooleanSupplier stop;
    private final AtomicLong changes;
    private final long before;
    private final long startNanos = System.nanoTime();
    private volatile boolean broken;

    /**
     * A pace from now on.
     *
     * @param goal row changes after which to stop
     * @param changesPerSecond {@link Double#POSITIVE_INFINITY} for no limit
     * @param changes counts every committed row change, also for others to read
     */
    Pace(long goal, double changesPerSecond, BooleanSupplier stop, AtomicLong changes) {
        this.goal = goal;
        this.changesPerSecond = changesPerSecond;
        this.stop = stop;
        this.changes = changes;
        this.before = changes.get();
    }

    /** Waits for the turn of the next transaction; false when the run is over. */
    boolean more() {
        while (!broken && made() < goal && !stop.getAsBoolean()) {
            long ahead = startNanos + (long) (made() / changesPerSecond * 1e9) - System.nanoTime();
            if (ahead <= 0) {
                return true;
            }
            LockSupport.parkNanos(Math.min(ahead, LONGEST_PAUSE_NANOS));
        }
        return false;
    }

    void done(long rowChanges) {
        changes.addAndGet(rowChanges);
    }

    /** Ends the run for every writer because one failed. */
    void abort() {
        broken = true;
    }

    private long made() {
        return changes.get() - before;
    }
}
