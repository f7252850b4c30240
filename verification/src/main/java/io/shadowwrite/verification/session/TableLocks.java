package io.shadowwrite.verification.session;

import io.shadowwrite.verification.session.VerificationProblem.Code;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/**
 * Keeps the definitions of the tables that are going to be read as the snapshot found them. Without that, a session that comes
 * to a table late would queue behind an ALTER TABLE that waits for a session that came early and sits idle, and everybody
 * else behind both; and what TRUNCATE or a rewrite leaves behind looks empty to an older snapshot. For the thread that has
 * just pinned, before any other reads.
 */
public final class TableLocks {

    /** Shorter than the server takes to look for deadlocks, so that it is us who give way. */
    private static final String BOUND = "set local lock_timeout = '500ms'";

    private static final int TRIES = 20;
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final String LOCK_NOT_GRANTED = "55P03";

    private static final String REPLACED = """
            SELECT c.oid::pg_catalog.regclass::text
              FROM pg_catalog.unnest(?::text[]) AS t (name)
             CROSS JOIN LATERAL (SELECT t.name::pg_catalog.regclass AS oid
                                  UNION
                                 SELECT p.relid FROM pg_catalog.pg_partition_tree(t.name::pg_catalog.regclass) p) r
              JOIN pg_catalog.pg_class c ON c.oid = r.oid
             WHERE c.relkind = 'r'
               AND c.relfilenode IS DISTINCT FROM pg_catalog.pg_relation_filenode(c.oid)
             LIMIT 1
            """;

    private TableLocks() {}

    /**
     * Takes the weakest lock on each of the tables in every session; they last as long as the snapshot.
     *
     * @param tables names as SQL, of tables and views
     * @throws VerificationProblem READ_FAILED when somebody keeps one of them locked, or has replaced what the snapshot sees
     */
    public static void take(Sessions sessions, List<String> tables) {
        if (tables.isEmpty()) {
            return;
        }
        String lock = "lock table " + String.join(", ", tables) + " in access share mode";
        sessions.each("locks", connection -> lock(connection, lock));
        sessions.read("definitions", connection -> refuseReplaced(connection, tables));
    }

    private static void lock(Connection connection, String lock) throws SQLException {
        for (int tried = 1; ; tried++) {
            Savepoint before = connection.setSavepoint();
            try (Statement statement = connection.createStatement()) {
                statement.execute(BOUND);
                statement.execute(lock);
                connection.releaseSavepoint(before);
                return;
            } catch (SQLException e) {
                connection.rollback(before);
                if (!LOCK_NOT_GRANTED.equals(e.getSQLState())) {
                    throw e;
                }
                if (tried == TRIES) {
                    throw new VerificationProblem(
                            Code.READ_FAILED,
                            "somebody keeps a table locked against readers",
                            "See pg_locks for AccessExclusiveLock, and verify again when it is over",
                            e);
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VerificationProblem(Code.TOO_SLOW, "the tick was interrupted", "Run it again", e);
        }
    }

    private static int refuseReplaced(Connection connection, List<String> tables) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(REPLACED)) {
            statement.setArray(1, connection.createArrayOf("text", tables.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                if (rows.next()) {
                    throw new VerificationProblem(
                            Code.READ_FAILED,
                            "%s was truncated or rewritten since the snapshot".formatted(rows.getString(1)),
                            "Verify again; the snapshot cannot show what it held",
                            null);
                }
            }
        }
        return tables.size();
    }
}
