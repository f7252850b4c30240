package io.shadowwrite.backfill.snapshot;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.slot.ExportedSnapshot;
import io.shadowwrite.replication.source.SourceConnection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Consumer;
import org.postgresql.PGConnection;

/**
 * A session inside of the snapshot, which exports it again for others. Its transaction must not end before it does. For one
 * thread at a time.
 */
public final class SnapshotSession implements AutoCloseable {

    /** A load may take hours, and an idle spare says nothing meanwhile. Rows that a policy hides are an error, and not absent. */
    private static final String SETTINGS = """
            SET statement_timeout = 0;
            SET idle_in_transaction_session_timeout = 0;
            SET row_security = off;
            SET lock_timeout = '10s'
            """;

    /** The catalog shows which file a table had for the snapshot; the function, which it has now. */
    private static final String REPLACED = """
            SELECT c.oid::pg_catalog.regclass::text
              FROM pg_catalog.unnest(?::text[]) AS wanted (name)
              JOIN pg_catalog.pg_class c
                ON c.oid IN (SELECT wanted.name::pg_catalog.regclass
                             UNION
                             SELECT relid FROM pg_catalog.pg_partition_tree(wanted.name::pg_catalog.regclass))
             WHERE c.relkind = 'r'
               AND c.relfilenode IS DISTINCT FROM pg_catalog.pg_relation_filenode(c.oid)
             LIMIT 1
            """;

    private final Connection connection;
    private final String name;
    private final int pid;

    private SnapshotSession(Connection connection, String name) throws SQLException {
        this.connection = connection;
        this.name = name;
        this.pid = connection.unwrap(PGConnection.class).getBackendPID();
    }

    /**
     * Imports the snapshot, keeps the tables from being changed, and exports it again.
     *
     * @param tables names as SQL
     * @param beforeReading is given the session before it reads anything, the catalog included
     * @throws StreamProblem SNAPSHOT_GONE when whoever exported it ended
     */
    static SnapshotSession join(
            SourceConnection source,
            String application,
            String snapshot,
            List<String> tables,
            Consumer<Connection> beforeReading) {
        Connection connection = source.open(application);
        try {
            try (Statement statement = connection.createStatement()) {
                statement.execute(SETTINGS);
            }
            ExportedSnapshot.importInto(connection, snapshot);
            String exported = ExportedSnapshot.exportAgain(connection);
            lock(connection, tables);
            beforeReading.accept(connection);
            refuseReplaced(connection, tables);
            return new SnapshotSession(connection, exported);
        } catch (SQLException e) {
            SourceConnection.abandon(connection);
            throw StreamProblem.ofQuestion("locking the mapped tables against changes of their definition", e);
        } catch (RuntimeException e) {
            SourceConnection.abandon(connection);
            throw e;
        }
    }

    private static void lock(Connection connection, List<String> tables) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE " + String.join(", ", tables) + " IN ACCESS SHARE MODE");
        }
    }

    private static void refuseReplaced(Connection connection, List<String> tables) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(REPLACED)) {
            statement.setArray(1, connection.createArrayOf("text", tables.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                if (rows.next()) {
                    throw new StreamProblem(
                            StreamProblem.Code.SCHEMA_DRIFT,
                            "%s was truncated or rewritten just now, so the snapshot cannot show what it held"
                                    .formatted(rows.getString(1)),
                            "Run ./shadow backfill cleanup, and then ./shadow backfill run again");
                }
            }
        }
    }

    /** The session itself, inside of the snapshot. */
    public Connection connection() {
        return connection;
    }

    /** By which the snapshot is imported from this session. */
    String name() {
        return name;
    }

    int pid() {
        return pid;
    }

    @Override
    public void close() {
        SourceConnection.abandon(connection);
    }
}
