package io.shadowwrite.system.parity;

import io.shadowwrite.replication.slot.ReplicationSlots;
import io.shadowwrite.replication.wal2json.Wal2JsonOptions;
import io.shadowwrite.testsupport.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the output plug-in says of statements that are run through this, message by message and unread. Not safe for several
 * threads.
 */
final class SpokenLog implements AutoCloseable {

    private static final String SLOT = "parity";
    private static final Duration BOUND = Duration.ofSeconds(60);

    private final Connection connection;
    private final ReplicationSlots slots;

    SpokenLog(Database database) {
        connection = RecordedChanges.connection(database).open("parity");
        slots = new ReplicationSlots(connection);
    }

    /** Runs statements, each in a transaction of its own, of which nobody wants to hear. */
    void prepare(List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Runs transactions, each a list of statements; answers the messages of each from its begin to its commit. */
    List<List<String>> transactions(List<List<String>> transactions) throws SQLException {
        // A new slot each time, because a slot reads the log again from where it once began.
        slots.create(SLOT, BOUND);
        try {
            for (List<String> statements : transactions) {
                transaction(statements);
            }
            return withoutEmptyTransactions(messages());
        } finally {
            slots.drop(SLOT);
        }
    }

    private void transaction(List<String> statements) throws SQLException {
        connection.setAutoCommit(false);
        try {
            prepare(statements);
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** The server's own upkeep leaves a begin and a commit with nothing between. */
    private static List<List<String>> withoutEmptyTransactions(List<String> messages) {
        List<List<String>> transactions = new ArrayList<>();
        List<String> open = new ArrayList<>();
        for (String message : messages) {
            open.add(message);
            if (message.startsWith("{\"action\":\"C\"")) {
                if (open.size() > 2) {
                    transactions.add(open);
                }
                open = new ArrayList<>();
            }
        }
        return transactions;
    }

    /** The root table of a partition, and of any other table itself, as schema and name. */
    String rootOf(String schema, String table) throws SQLException {
        String sql = """
                select n.nspname || '.' || r.relname
                from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                join pg_catalog.pg_class r
                  on r.oid = case when c.relispartition then pg_catalog.pg_partition_root(c.oid)::oid else c.oid end
                where n.nspname = ? and c.relname = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, schema);
            statement.setString(2, table);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getString(1);
            }
        }
    }

    private List<String> messages() throws SQLException {
        List<String> options = new ArrayList<>();
        Wal2JsonOptions.frozen().options().forEach((name, value) -> {
            options.add(name);
            options.add(value);
        });
        String sql =
                "select data from pg_catalog.pg_logical_slot_get_changes('%s', null, null, variadic ?)".formatted(SLOT);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", options.toArray()));
            try (ResultSet result = statement.executeQuery()) {
                List<String> messages = new ArrayList<>();
                while (result.next()) {
                    messages.add(result.getString(1));
                }
                return messages;
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
