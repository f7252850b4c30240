package io.shadowwrite.verification.attest;

import io.shadowwrite.verification.verdict.Finding;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** The receipts of both readers, however they are read. */
public interface Receipts {

    /** Where the attestation of earlier ticks ends; null when there was none. */
    @Nullable LogSequenceNumber attestedBelow() throws SQLException;

    /** Below it both readers have left their receipts; null when no window is open. */
    @Nullable LogSequenceNumber readersBelow() throws SQLException;

    /** Whether they are asked for once, for all windows, by whoever reads them, and not window by window. */
    boolean atOnce();

    /** Sums of both sides, in the order of windows, in {@code [from, to)}. */
    List<ReceiptCell> cells(LogSequenceNumber from, LogSequenceNumber to) throws SQLException;

    /** The events of a cell on which the sides do not agree; the total behind the named ones. */
    Named disagreeing(ReceiptCell cell) throws SQLException;

    /** Transactions of which one side has receipts for some changes only. */
    Named holes(LogSequenceNumber from, LogSequenceNumber to) throws SQLException;

    /** Findings up to a bound, and how many there are without it. */
    record Named(List<Finding> findings, long total) {
        public Named {
            findings = List.copyOf(findings);
        }
    }
}
