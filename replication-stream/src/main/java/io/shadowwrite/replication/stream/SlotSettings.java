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
 * @param partChanges row changes above which a transaction is handed out in parts, and of one part
 * @param partBytes the same in bytes on the wire
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
        int partChanges,
        long partBytes,
        int maxMessageBytes,
        Duration stallAfter,
        @Nullable SourceIdentity expectedIdentity) {

    /** What {@link #of} takes for {@code maxInFlightChanges}. */
    public static final int MOST_IN_FLIGHT_CHANGES = 5_000;

    /** What {@link #of} takes for {@code maxMessageBytes}. */
    public static final int MAX_MESSAGE_BYTES = 64 << 20;

    public SlotSettings {
        if (!slotName.matches("[a-z0-9_]{1,63}")) {
            throw new IllegalArgumentException("a slot name has 1 to 63 of a-z, 0-9 and _: " + slotName);
        }
        requirePositive(statusInterval.toMillis(), "statusInterval");
        requirePositive(maxInFlightChanges, "maxInFlightChanges");
        requirePositive(maxInFlightBytes, "maxInFlightBytes");
        requirePositive(partChanges, "partChanges");
        requirePositive(partBytes, "partBytes");
        requirePositive(maxMessageBytes, "maxMessageBytes");
        requirePositive(stallAfter.toMillis(), "stallAfter");
    }

    /** Settings for a heap of 256 MiB or more, as long as no single row takes more than a few MiB. */
    public static SlotSettings of(SourceConnection connection, String slotName, String applicationName) {
        return new SlotSettings(
                connection,
                slotName,
                applicationName,
                Duration.ofSeconds(5),
                MOST_IN_FLIGHT_CHANGES,
                16L << 20,
                MOST_IN_FLIGHT_CHANGES / 2,
                4L << 20,
                MAX_MESSAGE_BYTES,
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
                partChanges,
                partBytes,
                maxMessageBytes,
                stallAfter,
                identity);
    }

    /** The same, handing out transactions above that size in parts of that size. */
    public SlotSettings inPartsOf(int changes, long bytes) {
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
