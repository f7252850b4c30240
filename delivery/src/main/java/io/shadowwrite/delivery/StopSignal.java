package io.shadowwrite.delivery;

import io.shadowwrite.protocol.PatientCaller;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The wish to stop. Ends every wait of the reader's thread, but no call that is under way. */
public final class StopSignal implements PatientCaller.Pause {

    private final CountDownLatch raised = new CountDownLatch(1);

    /** From now on every wait ends. */
    public void raise() {
        raised.countDown();
    }

    /** Whether the wish was uttered. */
    public boolean raised() {
        return raised.getCount() == 0;
    }

    @Override
    public void await(Duration time) throws InterruptedException {
        if (raised.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new InterruptedException("stopping");
        }
    }
}
