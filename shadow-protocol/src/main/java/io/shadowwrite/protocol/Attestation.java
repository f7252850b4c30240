package io.shadowwrite.protocol;

import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Count and digest of one side's receipts for a table and operation in one closed LSN window.
 *
 * @param fromLsn inclusive
 * @param toLsn exclusive
 * @param sum0 sum of the first digest halves, decimal
 * @param sum1 sum of the second digest halves, decimal
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Attestation(
        @DecimalLsn LogSequenceNumber fromLsn,
        @DecimalLsn LogSequenceNumber toLsn,
        Side side,
        String sourceTable,
        Operation operation,
        long count,
        String sum0,
        String sum1) {}
