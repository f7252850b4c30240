package io.shadowwrite.replication.stream;

import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.replication.source.SourceIdentity;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one slot is read.
 *
 * @param connection where the source is
 * @param slotName the slot
 * @param applicationName how the connections call themselves in pg_stat_activity: service and instance
 * @param statusInterval how often the source hears from us at least; capped at a third of its wal_sender_timeout
 * @param maxInFlightChanges row changes received but not yet applied, above which reading pauses
 * @param maxInFlightBytes the same in bytes on the wire
 * @param maxTransactionChanges row changes of one transaction, above which the stream gives up
 * @param maxTransactionBytes the same in bytes on the wire
 * @param maxMessageBytes one wal2json message (a row), above which the stream gives up
 * @param stallAfter how long the stream thread or the server may show no sign of life
 * @param expectedIdentity the server whose LSNs the caller stores, or null to accept any
 */
public record SlotSettings(
        SourceConnection connection,
        String slotName,
        String applicationName,
        Duration statusInterval,
        int maxInFlightChanges,
        long maxInFlightBytes,
        int maxTransactionChanges,
        long maxTransactionBytes,
        int maxMessageBytes,
        Duration stallAfter,
        @Nullable SourceIdentity expectedIdentity) {

    public SlotSettings {
        if (!slotName.matches("[a-z0-9_]{1,63}")) {
            throw new IllegalArgumentException("a slot name has 1 to 63 of a-z, 0-9 and _: " + slotName);
        }
        requirePositive(statusInterval.toMillis(), "statusInterval");
        requirePositive(maxInFlightChanges, "maxInFlightChanges");
        requirePositive(maxInFlightBytes, "maxInFlightBytes");
        requirePositive(maxTransactionChanges, "maxTransactionChanges");
        requirePositive(maxTransactionBytes, "maxTransactionBytes");
        requirePositive(maxMessageBytes, "maxMessageBytes");
        requirePositive(stallAfter.toMillis(), "stallAfter");
    }

    /** Settings for a heap of 1 GiB or more. */
    public static SlotSettings of(SourceConnection connection, String slotName, String applicationName) {
        return new SlotSettings(
                connection,
                slotName,
                applicationName,
                Duration.ofSeconds(5),
                50_000,
                64L << 20,
                1_000_000,
                128L << 20,
                64 << 20,
                Duration.ofSeconds(60),
                null);
    }

    /** The same, refusing every other server than that one. */
    public SlotSettings expecting(SourceIdentity identity) {
        return new SlotSettings(
                connection,
                slotName,
                applicationName,
                statusInterval,
                maxInFlightChanges,
                maxInFlightBytes,
                maxTransactionChanges,
                maxTransactionBytes,
                maxMessageBytes,
                stallAfter,
                identity);
    }

    /** The same with other bounds on one transaction. */
    public SlotSettings bounded(int changes, long bytes) {
        return new SlotSettings(
                connection,
                slotName,
                applicationName,
                statusInterval,
                maxInFlightChanges,
                maxInFlightBytes,
                changes,
                bytes,
                maxMessageBytes,
                stallAfter,
                expectedIdentity);
    }

    private static void requirePositive(long value, String name) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive");
        }
    }
}
