package io.shadowwrite.delivery;

import io.shadowwrite.protocol.PatientCaller;
import io.shadowwrite.replication.stream.Pace;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** The wish to stop. Ends every wait of the reader's thread, but no call that is under way. */
public final class StopSignal implements PatientCaller.Pause {

    private final Lock lock;
    private final Condition uttered;

    // Changed under the lock.
    private volatile boolean raised;

    public StopSignal() {
        this(Pace.OF_THE_MACHINE);
    }

    public StopSignal(Pace pace) {
        this.lock = pace.newLock();
        this.uttered = lock.newCondition();
    }

    /** From now on every wait ends. */
    public void raise() {
        lock.lock();
        try {
            raised = true;
            uttered.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the wish was uttered. */
    public boolean raised() {
        return raised;
    }

    @Override
    public void await(Duration time) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = time.toNanos();
            while (!raised && nanos > 0) {
                nanos = uttered.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
        if (raised) {
            throw new InterruptedException("stopping");
        }
    }
}
