package io.shadowwrite.verification.attest;

import io.shadowwrite.verification.session.VerificationProblem;
import io.shadowwrite.verification.session.VerificationProblem.Code;
import io.shadowwrite.verification.verdict.Findings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Answers SC1 below a pinned LSN: both readers saw the same events, and of every transaction all of them. It goes window by
 * window, so that it holds one window's sums at a time, however much was written since the last tick.
 *
 * @param baseline the later of the two slots' consistent points; below it the readers did not see the same
 * @param windowBytes width of a window in bytes of WAL
 */
public record Attestor(LogSequenceNumber baseline, long windowBytes) {

    /** Width of the windows that are kept: 16 MiB, a WAL segment. */
    public static final long SEGMENT_BYTES = 16L << 20;

    /** More WAL than that makes windows wider, by whole segments: what is kept of them must be sent and stored. */
    static final int MOST_WINDOWS = 128;

    private static final int MOST_CLOSED_CELLS = 20_000;

    /**
     * Compares the receipts of both sides in {@code [end of the last attestation, lsn)}.
     *
     * @param connection inside the pinned target snapshot, where both readers are at or beyond {@code lsn}
     * @throws VerificationProblem when one of them is not
     */
    public Attested attest(Connection connection, LogSequenceNumber lsn, Findings findings) throws SQLException {
        Ledger ledger = new Ledger(connection);
        ledger.readWhole(false);
        Attested attested = compare(ledger, lsn, findings);
        ledger.readWhole(true);
        return attested;
    }

    /**
     * The same of receipts that are read by somebody else, who tells of its own failures.
     *
     * @throws VerificationProblem also when they cannot be read
     */
    public Attested attest(Receipts receipts, LogSequenceNumber lsn, Findings findings) {
        try {
            return compare(receipts, lsn, findings);
        } catch (SQLException e) {
            throw new VerificationProblem(
                    Code.READ_FAILED,
                    "reading the ledger failed with SQLSTATE %s".formatted(e.getSQLState()),
                    "The server's log has the statement and the reason",
                    e);
        }
    }

    private Attested compare(Receipts receipts, LogSequenceNumber lsn, Findings findings) throws SQLException {
        LogSequenceNumber from = later(baseline, receipts.attestedBelow());
        if (from.compareTo(lsn) >= 0) {
            return new Attested(0, List.of());
        }
        checkFrontiers(receipts.readersBelow(), lsn);
        Pass pass = new Pass(receipts, findings);
        if (receipts.atOnce()) {
            pass.windows(from, lsn, false);
        } else {
            pass.over(from, lsn, width(from, lsn));
        }
        return new Attested(pass.events, pass.closed);
    }

    private static void checkFrontiers(@Nullable LogSequenceNumber readers, LogSequenceNumber lsn) {
        if (readers == null || readers.compareTo(lsn) < 0) {
            throw new VerificationProblem(
                    Code.READ_FAILED,
                    "the receipts are complete below %s and not below %s"
                            .formatted(readers == null ? "nothing" : readers.asString(), lsn.asString()),
                    "Look whether both readers run, and run the tick again",
                    null);
        }
    }

    private long width(LogSequenceNumber from, LogSequenceNumber to) {
        long mostBytes = windowBytes * MOST_WINDOWS;
        return windowBytes * (1 + Long.divideUnsigned(to.asLong() - from.asLong(), mostBytes));
    }

    /** One walk over the windows. Only windows without a gap before them are closed: what is attested is never read again. */
    private static final class Pass {

        private final Receipts receipts;
        private final Findings findings;
        private final List<ReceiptWindow> closed = new ArrayList<>();
        private long events;
        private boolean tested;
        private boolean clean = true;

        Pass(Receipts receipts, Findings findings) {
            this.receipts = receipts;
            this.findings = findings;
        }

        void over(LogSequenceNumber from, LogSequenceNumber lsn, long width) throws SQLException {
            LogSequenceNumber begin = from;
            while (begin.compareTo(lsn) < 0) {
                LogSequenceNumber end =
                        LogSequenceNumber.valueOf((Long.divideUnsigned(begin.asLong(), width) + 1) * width);
                windows(begin, earlier(end, lsn), end.compareTo(lsn) <= 0);
                begin = end;
            }
        }

        /** @param complete whether nothing can be added to the last of them; to those before it nothing can */
        void windows(LogSequenceNumber from, LogSequenceNumber to, boolean complete) throws SQLException {
            List<ReceiptCell> cells = receipts.cells(from, to);
            if (cells.isEmpty()) {
                return;
            }
            selfTest(cells.getFirst());
            LogSequenceNumber cleanBelow = to;
            for (ReceiptCell cell : cells) {
                if (cell.agrees()) {
                    events += cell.consumer().count();
                } else {
                    report(receipts.disagreeing(cell));
                    cleanBelow = earlier(cleanBelow, cell.from());
                }
            }
            Receipts.Named holes = receipts.holes(from, to);
            report(holes);
            close(cells, holes.total() > 0 ? from : cleanBelow, to, complete);
            clean = clean && holes.total() == 0 && cleanBelow.equals(to);
        }

        private void close(
                List<ReceiptCell> cells, LogSequenceNumber cleanBelow, LogSequenceNumber to, boolean complete) {
            LogSequenceNumber last = LogSequenceNumber.INVALID_LSN;
            for (ReceiptCell cell : cells) {
                boolean open = cell.to().equals(to) && !complete;
                boolean full = closed.size() >= MOST_CLOSED_CELLS && !cell.to().equals(last);
                clean = clean && !open && !full && cell.to().compareTo(cleanBelow) <= 0;
                if (clean) {
                    closed.add(cell.window(ReceiptWindow.Reader.CONSUMER));
                    closed.add(cell.window(ReceiptWindow.Reader.SLOT_READER));
                    last = cell.to();
                }
            }
        }

        private void report(Receipts.Named named) {
            named.findings().forEach(findings::add);
            if (named.total() > named.findings().size()) {
                findings.count(
                        named.findings().getFirst().findingClass(),
                        named.total() - named.findings().size());
            }
        }

        private void selfTest(ReceiptCell cell) {
            if (!tested && cell.slotReader().agreesWith(cell.slotReader().flipped())) {
                throw new VerificationProblem(
                        Code.SELF_TEST,
                        "the attestation did not notice a changed digest",
                        "Do not trust this build; report it with the version",
                        null);
            }
            tested = true;
        }
    }

    private static LogSequenceNumber later(LogSequenceNumber one, @Nullable LogSequenceNumber other) {
        return other == null || one.compareTo(other) >= 0 ? one : other;
    }

    private static LogSequenceNumber earlier(LogSequenceNumber one, LogSequenceNumber other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
