package io.shadowwrite.verification.attest;

import io.shadowwrite.verification.verdict.Finding;
import io.shadowwrite.verification.verdict.FindingClass;
import java.util.List;
import org.postgresql.replication.LogSequenceNumber;

/** Both sides' receipts of one table and operation in one window. */
public record ReceiptCell(
        LogSequenceNumber from,
        LogSequenceNumber to,
        int tableId,
        String table,
        int operationCode,
        ReceiptSums consumer,
        ReceiptSums slotReader) {

    private static final List<String> OPERATIONS = List.of("INSERT", "UPDATE", "DELETE", "TRUNCATE");

    /** Whether both sides have the same. */
    public boolean agrees() {
        return consumer.agreesWith(slotReader);
    }

    /** Name of the operation. */
    public String operation() {
        return OPERATIONS.get(operationCode - 1);
    }

    /**
     * A receipt that one side lacks, or that differs.
     *
     * @param table empty for a whole transaction
     * @param event which one
     * @param what consumer or slot_reader for the side that lacks it, digest when both have it
     */
    public static Finding finding(String table, String event, String what) {
        return new Finding(FindingClass.RECEIPT_MISMATCH, table, "", event, List.of(what), null, null);
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
