package io.shadowwrite.replication.slot;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.StreamProblem.Code;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Waits until no transaction that a snapshot shows is still running. */
final class SnapshotSettling {

    private static final long PAUSE_MILLIS = 2;

    /**
     * The list of running transactions ends below the xmax of the fresh snapshot: the newest one that runs is not in it.
     * So the fresh snapshot must also reach as far as the other.
     */
    private static final String SETTLED = """
            SELECT pg_catalog.pg_snapshot_xmax(fresh.snapshot) >= pg_catalog.pg_snapshot_xmax(shown.snapshot)
                   AND NOT EXISTS (
                     SELECT 1
                       FROM pg_catalog.pg_snapshot_xip(fresh.snapshot) AS running (xid)
                      WHERE pg_catalog.pg_visible_in_snapshot(running.xid, shown.snapshot))
              FROM (SELECT pg_catalog.pg_current_snapshot()) AS fresh (snapshot),
                   (SELECT ?::pg_catalog.pg_snapshot) AS shown (snapshot)
            """;

    private SnapshotSettling() {}

    static void await(Connection importer, Connection fresh, Duration maxWait) {
        long deadline = System.nanoTime() + maxWait.toNanos();
        try {
            String snapshot = snapshot(importer);
            while (!settled(fresh, snapshot)) {
                if (System.nanoTime() - deadline >= 0) {
                    throw new StreamProblem(
                            Code.SLOT_WAIT,
                            "a committed transaction is still running after " + maxWait,
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
            return readable(rows.getString(1));
        }
    }

    /**
     * Decoding may export a snapshot whose xmin is beyond its xmax. It shows everything below xmin and nothing else, but
     * the server refuses to read the text that it wrote itself.
     */
    static String readable(String snapshot) {
        String[] parts = snapshot.split(":", 3);
        boolean reversed = Long.parseUnsignedLong(parts[0]) > Long.parseUnsignedLong(parts[1]);
        return reversed ? parts[0] + ":" + parts[0] + ":" : snapshot;
    }

    private static boolean settled(Connection fresh, String snapshot) throws SQLException {
        try (PreparedStatement statement = fresh.prepareStatement(SETTLED)) {
            statement.setString(1, snapshot);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }
}
