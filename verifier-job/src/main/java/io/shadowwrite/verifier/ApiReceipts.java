package io.shadowwrite.verifier;

import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ReceiptDigest;
import io.shadowwrite.protocol.ReceiptGap;
import io.shadowwrite.protocol.ReceiptGaps;
import io.shadowwrite.protocol.ReceiptSum;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.verification.attest.ReceiptCell;
import io.shadowwrite.verification.attest.ReceiptSums;
import io.shadowwrite.verification.attest.Receipts;
import io.shadowwrite.verification.verdict.Finding;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** The receipts of both readers as shadow-api adds them up. */
final class ApiReceipts implements Receipts {

    private static final String SUBJECT = "the receipts";

    private final ShadowApi api;
    private final ApiCalls calls;

    ApiReceipts(ShadowApi api, ApiCalls calls) {
        this.api = api;
        this.calls = calls;
    }

    @Override
    public @Nullable LogSequenceNumber attestedBelow() {
        // From the final LSN on there is nothing to add up, and the answer says where the attested ends.
        return digest(calls.position(), calls.position()).attestedBelow();
    }

    @Override
    public @Nullable LogSequenceNumber readersBelow() {
        ReceiptDigest digest = digest(calls.position(), calls.position());
        return digest.consumerPosition().compareTo(digest.verifierPosition()) < 0
                ? digest.consumerPosition()
                : digest.verifierPosition();
    }

    @Override
    public boolean atOnce() {
        return true;
    }

    @Override
    public List<ReceiptCell> cells(LogSequenceNumber from, LogSequenceNumber to) {
        return digest(from, to).cells().stream()
                .map(cell -> new ReceiptCell(
                        cell.fromLsn(),
                        cell.toLsn(),
                        0,
                        cell.sourceTable(),
                        code(cell.operation()),
                        sums(cell.consumer()),
                        sums(cell.verifier())))
                .toList();
    }

    private ReceiptDigest digest(LogSequenceNumber from, LogSequenceNumber to) {
        ReceiptDigest digest = calls.call(SUBJECT, () -> calls.patiently(() -> api.receipts(from, to, null)));
        calls.require(digest.consumerPosition());
        return digest;
    }

    private static int code(Operation operation) {
        return switch (operation) {
            case INSERT -> 1;
            case UPDATE -> 2;
            case DELETE -> 3;
            case TRUNCATE -> 4;
        };
    }

    private static ReceiptSums sums(ReceiptSum sum) {
        return new ReceiptSums(sum.count(), new BigDecimal(sum.sum0()), new BigDecimal(sum.sum1()));
    }

    @Override
    public Named disagreeing(ReceiptCell cell) {
        ReceiptGaps gaps = calls.call(
                SUBJECT,
                () -> calls.patiently(() -> api.differingReceipts(
                        cell.from(), cell.to(), cell.table(), Operation.valueOf(cell.operation()))));
        return new Named(
                gaps.gaps().stream()
                        .map(gap -> finding(cell.table(), cell.operation() + " " + event(gap), gap.lacking()))
                        .toList(),
                gaps.total());
    }

    @Override
    public Named holes(LogSequenceNumber from, LogSequenceNumber to) {
        ReceiptGaps gaps = calls.call(SUBJECT, () -> calls.patiently(() -> api.receiptHoles(from, to)));
        return new Named(
                gaps.gaps().stream()
                        .map(gap -> finding("", "transaction " + event(gap), gap.lacking()))
                        .toList(),
                gaps.total());
    }

    private static String event(ReceiptGap gap) {
        String commit = gap.commitLsn().asString();
        return gap.changeIndex() == null ? commit : commit + ":" + gap.changeIndex();
    }

    private static Finding finding(String table, String event, @Nullable Side lacking) {
        String what = lacking == null ? "digest" : lacking == Side.CONSUMER ? "consumer" : "slot_reader";
        return ReceiptCell.finding(table, event, what);
    }
}
