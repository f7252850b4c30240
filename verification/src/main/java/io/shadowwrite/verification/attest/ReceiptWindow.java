package io.shadowwrite.verification.attest;

import org.postgresql.replication.LogSequenceNumber;

/**
 * Receipts of one reader for a table and operation in one LSN window.
 *
 * @param from inclusive
 * @param to exclusive
 * @param side which reader
 * @param sourceTable schema.name
 * @param operation name of the row operation, for example INSERT
 * @param sum0 sum of the first digest halves, decimal
 * @param sum1 sum of the second digest halves, decimal
 */
public record ReceiptWindow(
        LogSequenceNumber from,
        LogSequenceNumber to,
        Reader side,
        String sourceTable,
        String operation,
        long count,
        String sum0,
        String sum1) {

    /** Which of the two readers left the receipts. */
    public enum Reader {
        CONSUMER,
        SLOT_READER
    }
}
