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
 * Answers SC1 below a pinned LSN: both readers saw the same events, and of every transaction all of them.
 *
 * @param baseline the later of the two slots' consistent points; below it the readers did not see the same
 * @param windowBytes width of a window in bytes of WAL
 */
public record Attestor(LogSequenceNumber baseline, long windowBytes) {

    /** Width of the windows that are kept: 16 MiB, a WAL segment. */
    public static final long SEGMENT_BYTES = 16L << 20;

    private static final int MOST_CLOSED_CELLS = 20_000;

    /**
     * Compares the receipts of both sides in {@code [end of the last attestation, lsn)}.
     *
     * @param connection inside the pinned target snapshot, where both readers are at or beyond {@code lsn}
     */
    public Attested attest(Connection connection, LogSequenceNumber lsn, Findings findings) throws SQLException {
        return compare(new Ledger(connection, windowBytes), lsn, findings);
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

    private Attested compare(Receipts ledger, LogSequenceNumber lsn, Findings findings) throws SQLException {
        LogSequenceNumber from = later(baseline, ledger.attestedBelow());
        if (from.compareTo(lsn) >= 0) {
            return new Attested(0, List.of());
        }
        List<ReceiptCell> cells = ledger.cells(from, lsn);
        selfTest(cells);
        LogSequenceNumber cleanBelow = lsn;
        long events = 0;
        for (ReceiptCell cell : cells) {
            if (cell.agrees()) {
                events += cell.consumer().count();
            } else {
                report(ledger.disagreeing(cell), findings);
                cleanBelow = earlier(cleanBelow, cell.from());
            }
        }
        Receipts.Named holes = ledger.holes(from, lsn);
        report(holes, findings);
        return new Attested(events, holes.total() > 0 ? List.of() : closed(cells, cleanBelow));
    }

    private static void report(Receipts.Named named, Findings findings) {
        named.findings().forEach(findings::add);
        if (named.total() > named.findings().size()) {
            findings.count(
                    named.findings().getFirst().findingClass(),
                    named.total() - named.findings().size());
        }
    }

    /** Only windows without a gap before them: what is attested is never read again. */
    private static List<ReceiptWindow> closed(List<ReceiptCell> cells, LogSequenceNumber cleanBelow) {
        List<ReceiptWindow> closed = new ArrayList<>();
        LogSequenceNumber last = LogSequenceNumber.INVALID_LSN;
        for (ReceiptCell cell : cells) {
            boolean full = closed.size() >= MOST_CLOSED_CELLS && !cell.to().equals(last);
            if (full || !cell.closed() || cell.to().compareTo(cleanBelow) > 0) {
                break;
            }
            closed.add(cell.window(ReceiptWindow.Reader.CONSUMER));
            closed.add(cell.window(ReceiptWindow.Reader.SLOT_READER));
            last = cell.to();
        }
        return closed;
    }

    private static void selfTest(List<ReceiptCell> cells) {
        if (!cells.isEmpty()) {
            ReceiptSums sums = cells.getFirst().slotReader();
            if (sums.agreesWith(sums.flipped())) {
                throw new VerificationProblem(
                        Code.SELF_TEST,
                        "the attestation did not notice a changed digest",
                        "Do not trust this build; report it with the version",
                        null);
            }
        }
    }

    private static LogSequenceNumber later(LogSequenceNumber one, @Nullable LogSequenceNumber other) {
        return other == null || one.compareTo(other) >= 0 ? one : other;
    }

    private static LogSequenceNumber earlier(LogSequenceNumber one, LogSequenceNumber other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
