package io.shadowwrite.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The receipts of both readers as sums by window, table and operation, in one snapshot.
 *
 * @param consumerPosition every source transaction below it has its receipts of the consumer, none at or above it
 * @param verifierPosition the same of the slot reader
 * @param attestedBelow where what runs have attested ends; null when no run has attested anything
 * @param cells those with a receipt, by window, table and operation
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ReceiptDigest(
        @DecimalLsn LogSequenceNumber consumerPosition,
        @DecimalLsn LogSequenceNumber verifierPosition,
        @Nullable @DecimalLsn LogSequenceNumber attestedBelow,
        List<ReceiptCell> cells) {}
