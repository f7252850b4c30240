package io.shadowwrite.simulation;

import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** Nobody runs beside its owner, so a lock of a machine has nothing to do; only its conditions let others run. */
final class MachineLock implements Lock {

    private final Machine machine;

    MachineLock(Machine machine) {
        this.machine = machine;
    }

    private static void requireNotInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted");
        }
    }

    @Override
    public void lock() {}

    @Override
    public void lockInterruptibly() throws InterruptedException {
        requireNotInterrupted();
    }

    @Override
    public boolean tryLock() {
        return true;
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) {
        return true;
    }

    @Override
    public void unlock() {}

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
            long began = machine.nanoTime();
            long seen = signals;
            machine.await(() -> signals != seen, nanos);
            requireNotInterrupted();
            return nanos - (machine.nanoTime() - began);
        }

        @Override
        public void await() throws InterruptedException {
            left(Long.MAX_VALUE);
        }

        @Override
        public void signalAll() {
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
