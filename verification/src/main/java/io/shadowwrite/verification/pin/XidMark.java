package io.shadowwrite.verification.pin;

import io.shadowwrite.replication.Lsn;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A fact about the WAL of the source that stays true: whatever a transaction with this id or a later one wrote, its commit
 * included, lies at or above the LSN. Ids are given out in order, and this one was given out after the LSN was read.
 *
 * @param xid 64-bit transaction id
 */
public record XidMark(long xid, LogSequenceNumber lsn) {

    /** Costs the source one transaction id. */
    static XidMark read(Connection source) throws SQLException {
        // Two statements, so that nothing but their order decides which comes first.
        LogSequenceNumber before =
                Lsn.parse(SharedSnapshot.single(source, "SELECT pg_catalog.pg_current_wal_insert_lsn()::text"));
        return new XidMark(
                Long.parseLong(SharedSnapshot.single(source, "SELECT pg_catalog.pg_current_xact_id()::text")), before);
    }
}
