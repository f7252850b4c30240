package io.shadowwrite.verification.pin;

import io.shadowwrite.verification.pin.HoldControl.HoldRefused;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A hold on the consumer that is prolonged in the background until it is closed. */
final class HoldLease implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HoldLease.class);
    private static final int PROLONGATIONS_PER_LEASE = 3;

    private final HoldControl control;
    private final Duration lease;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread prolonging;

    // Guarded by this, as is every call that takes, moves or ends the hold.
    private @Nullable LogSequenceNumber haltAt;
    private @Nullable HoldRefused lost;

    private HoldLease(HoldControl control, @Nullable LogSequenceNumber haltAt, Duration lease) {
        this.control = control;
        this.haltAt = haltAt;
        this.lease = lease;
        this.prolonging = Thread.ofVirtual().name("hold-lease").unstarted(this::prolong);
    }

    /**
     * Takes a hold.
     *
     * @param point nothing at or above it is applied any more; nothing at all when null
     * @throws HoldRefused when it cannot be had
     */
    static HoldLease take(HoldControl control, @Nullable LogSequenceNumber point, Duration lease) {
        HoldLease taken = new HoldLease(control, point, lease);
        try {
            control.hold(point, lease);
        } catch (HoldRefused e) {
            // It may have been granted although the answer was lost.
            control.release();
            throw e;
        }
        taken.prolonging.start();
        return taken;
    }

    /** Lets the consumer go on to the point and not beyond. */
    synchronized void moveTo(LogSequenceNumber point) {
        haltAt = point;
        control.hold(point, lease);
    }

    /**
     * Checks that the hold was never lost.
     *
     * @throws HoldRefused when a prolongation failed
     */
    synchronized void check() {
        if (lost != null) {
            throw lost;
        }
    }

    private void prolong() {
        try {
            while (!closed.await(lease.toMillis() / PROLONGATIONS_PER_LEASE, TimeUnit.MILLISECONDS)) {
                prolongOnce();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void prolongOnce() {
        if (closed.getCount() == 0) {
            return;
        }
        try {
            control.hold(haltAt, lease);
        } catch (HoldRefused e) {
            LOG.warn("The hold on the consumer could not be prolonged: {}", e.getMessage());
            lost = e;
        }
    }

    /** Ends the hold. */
    @Override
    public void close() {
        closed.countDown();
        release();
    }

    private synchronized void release() {
        control.release();
    }
}
