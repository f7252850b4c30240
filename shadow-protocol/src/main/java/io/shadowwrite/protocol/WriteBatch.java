package io.shadowwrite.protocol;

import java.util.List;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Source transactions in commit order, to be applied in one target transaction.
 *
 * @param epoch the fencing epoch of the session that sends
 * @param completeBelow every transaction with a commit LSN below it, not yet applied and not listed here, had no row
 *     changes; the position after the batch unless a hold cuts it short
 * @param transactions may be empty, when only the position moves
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record WriteBatch(
        long epoch, @DecimalLsn LogSequenceNumber completeBelow, List<TransactionWrites> transactions) {}
