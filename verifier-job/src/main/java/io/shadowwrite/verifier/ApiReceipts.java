package io.shadowwrite.verifier;

import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReceiptDigest;
import io.shadowwrite.protocol.ReceiptGap;
import io.shadowwrite.protocol.ReceiptGaps;
import io.shadowwrite.protocol.ReceiptSum;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.verification.attest.Attestor;
import io.shadowwrite.verification.attest.ReceiptCell;
import io.shadowwrite.verification.attest.ReceiptSums;
import io.shadowwrite.verification.attest.Receipts;
import io.shadowwrite.verification.verdict.Finding;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        List<ReceiptDigest> parts = new ArrayList<>();
        add(from, to, parts);
        return parts.stream()
                .flatMap(part -> part.cells().stream())
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
        return required(calls.call(SUBJECT, () -> asked(from, to)));
    }

    /** What is too much for one answer is asked for in halves, down to a single window, which is never cut. */
    private void add(LogSequenceNumber from, LogSequenceNumber to, List<ReceiptDigest> parts) {
        LogSequenceNumber border = border(from, to);
        Optional<ReceiptDigest> whole =
                border.compareTo(to) < 0 ? calls.call(SUBJECT, () -> bounded(from, to)) : Optional.of(digest(from, to));
        if (whole.isPresent()) {
            parts.add(required(whole.get()));
        } else {
            add(from, border, parts);
            add(border, to, parts);
        }
    }

    /** The border of windows nearest below the middle, or the first behind the beginning; at or beyond the end there is none. */
    private static LogSequenceNumber border(LogSequenceNumber from, LogSequenceNumber to) {
        long middle = (from.asLong() >>> 1) + (to.asLong() >>> 1);
        long next = from.asLong() - from.asLong() % Attestor.SEGMENT_BYTES + Attestor.SEGMENT_BYTES;
        return LogSequenceNumber.valueOf(Math.max(middle - middle % Attestor.SEGMENT_BYTES, next));
    }

    /** Empty when it is too much for one answer. */
    private Optional<ReceiptDigest> bounded(LogSequenceNumber from, LogSequenceNumber to) {
        try {
            return Optional.of(asked(from, to));
        } catch (ShadowProblem e) {
            if (e.type() == ProblemType.MALFORMED_REQUEST) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private ReceiptDigest asked(LogSequenceNumber from, LogSequenceNumber to) {
        return calls.patiently(() -> api.receipts(from, to, null));
    }

    private ReceiptDigest required(ReceiptDigest digest) {
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
