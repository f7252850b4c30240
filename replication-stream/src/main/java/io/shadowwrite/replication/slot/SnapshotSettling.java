package io.shadowwrite.replication.slot;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.StreamProblem.Code;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Waits until no transaction that a snapshot shows is still listed as running. */
final class SnapshotSettling {

    private static final long PAUSE_MILLIS = 2;

    private static final String RUNNING_BUT_VISIBLE = """
            SELECT count(*)
              FROM pg_catalog.pg_snapshot_xip(pg_catalog.pg_current_snapshot()) AS running (xid)
             WHERE pg_catalog.pg_visible_in_snapshot(running.xid, ?::pg_snapshot)
            """;

    private SnapshotSettling() {}

    static void await(Connection importer, Connection fresh, Duration maxWait) {
        long deadline = System.nanoTime() + maxWait.toNanos();
        try {
            String snapshot = snapshot(importer);
            while (running(fresh, snapshot) > 0) {
                if (System.nanoTime() - deadline >= 0) {
                    throw new StreamProblem(
                            Code.SLOT_WAIT,
                            "a committed transaction is still listed as running after " + maxWait,
                            "Retry; if it stays, look for a commit that waits for a synchronous standby");
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (SQLException e) {
            throw StreamProblem.of("waiting for a snapshot to settle", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StreamProblem(Code.SLOT_WAIT, "interrupted while a snapshot settled", "Retry", e);
        }
    }

    private static String snapshot(Connection importer) throws SQLException {
        try (Statement statement = importer.createStatement();
                ResultSet rows = statement.executeQuery("SELECT pg_catalog.pg_current_snapshot()::text")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static long running(Connection fresh, String snapshot) throws SQLException {
        try (PreparedStatement statement = fresh.prepareStatement(RUNNING_BUT_VISIBLE)) {
            statement.setString(1, snapshot);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }
}
