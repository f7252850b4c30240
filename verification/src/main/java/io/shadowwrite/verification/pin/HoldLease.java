package io.shadowwrite.verification.pin;

import io.shadowwrite.verification.pin.HoldControl.HoldRefused;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A hold on the consumer that is prolonged in the background until it is closed, but not for longer than a pin may take: what
 * hangs loses it as what died does.
 */
final class HoldLease implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HoldLease.class);
    private static final int PROLONGATIONS_PER_LEASE = 3;

    private final HoldControl control;
    private final PinSettings settings;
    private final long deadlineNanos;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread prolonging;

    // Guarded by this, as is every call that takes, moves or ends the hold.
    private @Nullable LogSequenceNumber haltAt;
    private @Nullable HoldRefused lost;

    private HoldLease(HoldControl control, @Nullable LogSequenceNumber haltAt, PinSettings settings) {
        this.control = control;
        this.haltAt = haltAt;
        this.settings = settings;
        this.deadlineNanos = System.nanoTime() + settings.longestHold().toNanos();
        this.prolonging = Thread.ofVirtual().name("hold-lease").unstarted(this::prolong);
    }

    /**
     * Takes a hold.
     *
     * @param point nothing at or above it is applied any more; nothing at all when null
     * @throws HoldRefused when it cannot be had
     */
    static HoldLease take(HoldControl control, @Nullable LogSequenceNumber point, PinSettings settings) {
        HoldLease taken = new HoldLease(control, point, settings);
        try {
            control.hold(point, settings.lease());
        } catch (HoldRefused e) {
            // It may have been granted although the answer was lost.
            control.release();
            throw e;
        }
        taken.prolonging.start();
        return taken;
    }

    /**
     * Lets the consumer go on to the point and not beyond.
     *
     * @throws HoldRefused when the hold was lost
     */
    synchronized void moveTo(LogSequenceNumber point) {
        check();
        haltAt = point;
        control.hold(point, settings.lease());
    }

    /**
     * Checks that the hold was never lost.
     *
     * @throws HoldRefused when a prolongation failed, or it was held for too long
     */
    synchronized void check() {
        if (lost != null) {
            throw lost;
        }
    }

    /** Whether nobody prolongs it any more within the bound. */
    boolean ended(Duration bound) throws InterruptedException {
        return prolonging.join(bound);
    }

    private void prolong() {
        try {
            long pause = settings.lease().toMillis() / PROLONGATIONS_PER_LEASE;
            boolean held = true;
            while (held && !closed.await(pause, TimeUnit.MILLISECONDS)) {
                held = prolonged();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean prolonged() {
        if (closed.getCount() == 0) {
            return false;
        }
        try {
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new HoldRefused(
                        "the consumer was held for %ds and the pin is not taken"
                                .formatted(settings.longestHold().toSeconds()),
                        null);
            }
            control.hold(haltAt, settings.lease());
            return true;
        } catch (HoldRefused e) {
            LOG.warn("The hold on the consumer is not prolonged: {}", e.getMessage());
            lost = e;
            return false;
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
