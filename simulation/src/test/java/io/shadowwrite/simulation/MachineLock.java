package io.shadowwrite.simulation;

import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A lock of a machine. Whoever wants it lets others run before, now and then, as the seed decides; whoever waits, signals or
 * unlocks without having it fails the run.
 */
final class MachineLock implements Lock {

    private static final int LETS_OTHERS_RUN_IN_HUNDRED = 10;

    private final Machine machine;
    private Machine.@Nullable Task owner;

    MachineLock(Machine machine) {
        this.machine = machine;
    }

    private static void requireNotInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted");
        }
    }

    @Override
    public void lock() {
        if (owner == machine.task()) {
            throw new UnsupportedOperationException("nothing of the product takes a lock twice");
        }
        take(machine.chance(LETS_OTHERS_RUN_IN_HUNDRED));
    }

    private void take(boolean afterOthers) {
        if (afterOthers || owner != null) {
            machine.awaitUninterruptibly(() -> owner == null);
        }
        owner = machine.task();
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        requireNotInterrupted();
        lock();
    }

    @Override
    public boolean tryLock() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void unlock() {
        requireOwned();
        if (owner == machine.task()) {
            owner = null;
        }
    }

    /** Whoever was killed while it waited has lost the lock, and leaves through the same lines. */
    private void requireOwned() {
        Machine.Task task = machine.task();
        if (owner != task && !task.isDead()) {
            throw new AssertionError("a lock is used by a thread that does not have it");
        }
    }

    @Override
    public Condition newCondition() {
        return new Signal();
    }

    private final class Signal implements Condition {

        private long signals;

        @Override
        public long awaitNanos(long nanos) throws InterruptedException {
            return left(nanos);
        }

        private long left(long nanos) throws InterruptedException {
            requireOwned();
            requireNotInterrupted();
            long began = machine.nanoTime();
            long seen = signals;
            owner = null;
            machine.await(() -> signals != seen, nanos);
            take(false);
            requireNotInterrupted();
            return nanos - (machine.nanoTime() - began);
        }

        @Override
        public void await() throws InterruptedException {
            left(Long.MAX_VALUE);
        }

        @Override
        public void signalAll() {
            requireOwned();
            signals++;
        }

        @Override
        public void signal() {
            signalAll();
        }

        @Override
        public void awaitUninterruptibly() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean await(long time, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean awaitUntil(Date deadline) {
            throw new UnsupportedOperationException();
        }
    }
}
