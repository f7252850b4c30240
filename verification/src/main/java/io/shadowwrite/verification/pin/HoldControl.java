package io.shadowwrite.verification.pin;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Orders to the consumer, and how far both readers are. Called from the pinning thread and from one that prolongs the
 * lease, never from both at once.
 */
public interface HoldControl {

    /**
     * How far both readers are: every transaction with a commit LSN below is durable in the target.
     *
     * @param consumer position of the consumer
     * @param slotReader position of the slot reader
     */
    record Positions(LogSequenceNumber consumer, LogSequenceNumber slotReader) {}

    /**
     * Takes, moves or prolongs the hold. When it returns, nothing at or above the point is being applied any more.
     *
     * @param haltAt nothing with a commit LSN at or above it is applied; nothing at all when null
     * @param lease the hold ends by itself when it is not prolonged in time
     * @throws HoldRefused when somebody else holds or nobody answers
     */
    void hold(@Nullable LogSequenceNumber haltAt, Duration lease);

    /** Ends the hold; the lease would end it anyway, so a failure is not one of the tick. */
    void release();

    /**
     * The positions now.
     *
     * @throws HoldRefused when nobody answers
     */
    Positions positions();

    /** The hold cannot be had or kept; the message says why, for people. */
    final class HoldRefused extends RuntimeException {
        public HoldRefused(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
