package io.shadowwrite.protocol;

import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * How much of the receipts is there.
 *
 * @param droppedBelow receipts below it are gone, their attestations stay; null while all are there
 * @param attestedBelow below it both readers agreed, window by window; null before the first was
 * @param partitions tables that hold the receipts
 * @param bytes of these tables with their indexes
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record LedgerExtent(
        @Nullable @DecimalLsn LogSequenceNumber droppedBelow,
        @Nullable @DecimalLsn LogSequenceNumber attestedBelow,
        int partitions,
        long bytes) {}
