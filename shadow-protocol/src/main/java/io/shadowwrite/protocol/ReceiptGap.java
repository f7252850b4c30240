package io.shadowwrite.protocol;

import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * An event on which the sides do not agree, or a transaction of which one side has some receipts only.
 *
 * @param changeIndex of the event; null for a transaction
 * @param lacking the side without a receipt, or without some of them; null when both have one and their digests differ
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ReceiptGap(
        @DecimalLsn LogSequenceNumber commitLsn,
        @Nullable Integer changeIndex,
        @Nullable Side lacking) {}
