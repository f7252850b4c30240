package io.shadowwrite.protocol;

import java.util.List;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Receipts of the slot reader, in commit order.
 *
 * @param continuesFrom the position it continues: the {@code completeBelow} of the batch before, or the position the stream
 *     was started at
 * @param completeBelow every event of a transaction with a commit LSN below it was sent, here or before; receipts at
 *     it begin a transaction that the next batch goes on with
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ReceiptBatch(
        @DecimalLsn LogSequenceNumber continuesFrom,
        @DecimalLsn LogSequenceNumber completeBelow,
        List<Receipt> receipts) {}
