package io.shadowwrite.protocol;

import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The receipts of both sides for one table and operation in one window of the WAL.
 *
 * @param fromLsn first commit LSN of the window
 * @param toLsn first commit LSN beyond it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ReceiptCell(
        @DecimalLsn LogSequenceNumber fromLsn,
        @DecimalLsn LogSequenceNumber toLsn,
        String sourceTable,
        Operation operation,
        ReceiptSum consumer,
        ReceiptSum verifier) {}
