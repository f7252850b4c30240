package io.shadowwrite.simulation;

import io.shadowwrite.api.database.Codes;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.verification.attest.ReceiptCell;
import io.shadowwrite.verification.attest.ReceiptSums;
import io.shadowwrite.verification.attest.Receipts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** The ledger, as the attestation reads it. */
record StoredReceipts(Target target) implements Receipts {

    @Override
    public @Nullable LogSequenceNumber attestedBelow() {
        return null;
    }

    @Override
    public LogSequenceNumber readersBelow() {
        return target.position().compareTo(target.attested()) < 0 ? target.position() : target.attested();
    }

    @Override
    public boolean atOnce() {
        return true;
    }

    @Override
    public List<ReceiptCell> cells(LogSequenceNumber from, LogSequenceNumber to) {
        List<ReceiptCell> cells = new ArrayList<>();
        for (Operation operation : Operation.values()) {
            ReceiptSums consumer = sums(Side.CONSUMER, operation, from, to);
            ReceiptSums slotReader = sums(Side.VERIFIER, operation, from, to);
            if (consumer.count() + slotReader.count() > 0) {
                cells.add(new ReceiptCell(from, to, 1, "app.partner", Codes.of(operation), consumer, slotReader));
            }
        }
        return cells;
    }

    private ReceiptSums sums(Side side, Operation operation, LogSequenceNumber from, LogSequenceNumber to) {
        List<String> digests = target.receipts(side).entrySet().stream()
                .filter(each -> each.getKey().commitLsn().compareTo(from) >= 0
                        && each.getKey().commitLsn().compareTo(to) < 0
                        && each.getValue().operation() == operation)
                .map(each -> each.getValue().digest())
                .toList();
        return new ReceiptSums(digests.size(), sum(digests, 0), sum(digests, 16));
    }

    private static BigDecimal sum(List<String> digests, int start) {
        return digests.stream()
                .map(digest -> BigDecimal.valueOf(Long.parseUnsignedLong(digest, start, start + 16, 16)))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    @Override
    public Named disagreeing(ReceiptCell cell) {
        return new Named(List.of(ReceiptCell.finding(cell.table(), cell.operation(), "digest")), 1);
    }

    @Override
    public Named holes(LogSequenceNumber from, LogSequenceNumber to) {
        return new Named(List.of(), 0);
    }
}
