package io.shadowwrite.verification.pin;

import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** What is known of both readers while writers are paused and a gate holds the consumer. */
public interface PausedReaders {

    /**
     * Where both readers are.
     *
     * @param consumer position of the consumer
     * @param slotReader position of the slot reader, which nobody holds
     * @param gateAt where a gate holds the consumer; null when none does
     */
    record Standing(
            LogSequenceNumber consumer,
            LogSequenceNumber slotReader,
            @Nullable LogSequenceNumber gateAt) {

        /** Why this is not a standstill at the final LSN; null when it is one. */
        @Nullable String objection(LogSequenceNumber finalLsn) {
            if (gateAt == null || !gateAt.equals(finalLsn)) {
                return "no gate holds the consumer at the final LSN %s: halt it there first"
                        .formatted(finalLsn.asString());
            }
            if (!consumer.equals(finalLsn)) {
                return "the consumer is at %s and not at the final LSN %s: let it drain"
                        .formatted(consumer.asString(), finalLsn.asString());
            }
            return slotReader.compareTo(finalLsn) < 0
                    ? "the slot reader is at %s and not yet at the final LSN %s: let it drain"
                            .formatted(slotReader.asString(), finalLsn.asString())
                    : null;
        }
    }

    /**
     * Now.
     *
     * @throws HoldControl.HoldRefused when nobody answers
     */
    Standing standing();

    /**
     * How many row changes the slot reader has seen that committed at or above the LSN.
     *
     * @throws HoldControl.HoldRefused when nobody answers
     */
    long changesFrom(LogSequenceNumber lsn);
}
