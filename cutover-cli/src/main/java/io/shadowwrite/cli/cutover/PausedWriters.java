package io.shadowwrite.cli.cutover;

import io.shadowwrite.replication.LogicalMessage;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.source.Heartbeat;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** The source as the gate sees it: who is writing, and marks in its WAL. Over one connection in auto-commit mode. */
public final class PausedWriters {

    /**
     * Whoever changes rows locks their table until his transaction ends, and everybody may see that; a prepared
     * transaction has no process. Catalogs are written by others as well.
     */
    private static final String WRITING = """
            SELECT count(*), min(description)
              FROM (SELECT coalesce('process ' || l.pid, 'a prepared transaction') || ' on ' || l.relation::regclass
                               AS description
                      FROM (SELECT DISTINCT ON (virtualtransaction) virtualtransaction, pid, relation
                              FROM pg_catalog.pg_locks
                             WHERE locktype = 'relation'
                               AND database = (SELECT oid
                                                 FROM pg_catalog.pg_database
                                                WHERE datname = pg_catalog.current_database())
                               AND mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
                                            'AccessExclusiveLock')
                               AND granted
                               AND relation >= 16384
                               AND pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
                             ORDER BY virtualtransaction, relation) AS l) AS writing
            """;

    private final Connection connection;

    /** The caller closes the connection. */
    public PausedWriters(Connection connection) {
        this.connection = connection;
    }

    /** The database we are connected to. */
    public String database() {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT pg_catalog.current_database()")) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw StreamProblem.ofQuestion("asking the source for its name", e);
        }
    }

    /** Who has changed rows and has not ended yet; null when nobody has. */
    @Nullable String writing() {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(WRITING)) {
            rows.next();
            return rows.getLong(1) == 0
                    ? null
                    : "%d transaction(s) of the source are writing, for example %s"
                            .formatted(rows.getLong(1), rows.getString(2));
        } catch (SQLException e) {
            throw StreamProblem.ofQuestion("looking for writers of the source", e);
        }
    }

    /** Writes a message into the WAL; whatever commits later does so at or above the LSN that this answers. */
    LogSequenceNumber mark(String content) {
        return Heartbeat.emit(connection, LogicalMessage.MARKER, content);
    }
}
