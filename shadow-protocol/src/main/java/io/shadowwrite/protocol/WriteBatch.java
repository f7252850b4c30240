package io.shadowwrite.protocol;

import java.util.List;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Source transactions in commit order, to be applied in one target transaction.
 *
 * <p>Several may be on the way at once; each is applied only once the position is where it continues, however they arrive.
 *
 * @param epoch the fencing epoch of the session that sends
 * @param continuesFrom the position it continues: the {@code completeBelow} of the batch before, or the position the session
 *     began with
 * @param completeBelow every transaction with a commit LSN below it, not yet applied and not listed here, had no row
 *     changes; the position after the batch unless a hold cuts it short
 * @param transactions may be empty, when only the position moves
 */
@JsonDeserialize(using = WritesJson.Batch.class)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record WriteBatch(
        long epoch,
        @DecimalLsn LogSequenceNumber continuesFrom,
        @DecimalLsn LogSequenceNumber completeBelow,
        List<TransactionWrites> transactions) {

    /** For a sender that has the answer to every batch before: continues wherever the position is. */
    public WriteBatch(long epoch, LogSequenceNumber completeBelow, List<TransactionWrites> transactions) {
        this(epoch, LogSequenceNumber.INVALID_LSN, completeBelow, transactions);
    }
}
