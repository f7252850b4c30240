package io.shadowwrite.verification.attest;

import java.util.List;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Both sides' receipts of one table and operation in one window.
 *
 * @param closed whether the window ends below the pinned LSN, so that nothing can be added to it
 */
record ReceiptCell(
        LogSequenceNumber from,
        LogSequenceNumber to,
        boolean closed,
        int tableId,
        String table,
        int operationCode,
        ReceiptSums consumer,
        ReceiptSums slotReader) {

    private static final List<String> OPERATIONS = List.of("INSERT", "UPDATE", "DELETE", "TRUNCATE");

    boolean agrees() {
        return consumer.agreesWith(slotReader);
    }

    String operation() {
        return OPERATIONS.get(operationCode - 1);
    }

    ReceiptWindow window(ReceiptWindow.Reader side) {
        ReceiptSums sums = side == ReceiptWindow.Reader.CONSUMER ? consumer : slotReader;
        return new ReceiptWindow(
                from,
                to,
                side,
                table,
                operation(),
                sums.count(),
                sums.sum0().toPlainString(),
                sums.sum1().toPlainString());
    }
}
