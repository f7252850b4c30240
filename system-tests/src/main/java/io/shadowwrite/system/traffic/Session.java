package io.shadowwrite.system.traffic;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/**
 * One transaction being written: the statements, and how many rows they changed. Keys of existing rows are found by
 * seeking from a random point of the key's index, so that writers need to know nothing of each other and one writer alone
 * always finds the same.
 */
final class Session {

    private final Connection connection;
    private final Values values;
    private final Map<Operation, Long> changes = new EnumMap<>(Operation.class);

    /** A savepoint and the row changes up to it. */
    record Mark(Savepoint savepoint, Map<Operation, Long> changes) {}

    Session(Connection connection, Values values) {
        this.connection = connection;
        this.values = values;
    }

    Values values() {
        return values;
    }

    long changes(Operation operation) {
        return changes.getOrDefault(operation, 0L);
    }

    long changes() {
        return changes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Keys of at most that many rows, in key order from a random point on; fewer only when the table has fewer. */
    List<Row> some(Table table, int limit) throws SQLException {
        Row from = values.keyOf(table);
        List<Row> keys = seek(table, ">=", from, limit);
        if (keys.size() < limit) {
            keys.addAll(seek(table, "<", from, limit - keys.size()));
        }
        return keys;
    }

    /** The key of one row; null when the table is empty. */
    @Nullable Row any(Table table) throws SQLException {
        List<Row> keys = some(table, 1);
        return keys.isEmpty() ? null : keys.getFirst();
    }

    private List<Row> seek(Table table, String comparison, Row from, int limit) throws SQLException {
        int width = table.key().size();
        try (PreparedStatement statement = connection.prepareStatement(table.seekSql(comparison))) {
            bind(statement, from);
            statement.setInt(width + 1, limit);
            try (ResultSet result = statement.executeQuery()) {
                List<Row> keys = new ArrayList<>();
                while (result.next()) {
                    @Nullable Object[] key = new @Nullable Object[width];
                    for (int i = 0; i < width; i++) {
                        key[i] = result.getObject(i + 1);
                    }
                    keys.add(Row.of(key));
                }
                return keys;
            }
        }
    }

    /** Whether the table has room; when it is full, that many rows are deleted instead of what was planned. */
    boolean roomIn(Table table, int rows) throws SQLException {
        if (!isFull(table)) {
            return true;
        }
        delete(table, some(table, rows));
        return false;
    }

    /** Whether the table has grown as far as it may, so that traffic can go on for weeks. */
    boolean isFull(Table table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(table.isFullSql());
                ResultSet result = statement.executeQuery()) {
            return result.next() && result.getBoolean(1);
        }
    }

    void insert(Table table, List<Row> rows) throws SQLException {
        batch(Operation.INSERT, table.insertSql(), rows);
    }

    void insert(Table table, Row row) throws SQLException {
        insert(table, List.of(row));
    }

    /** Updates each row by its key, with new values for the question marks of {@code assignments} every time. */
    void update(Table table, String assignments, List<Row> keys, Supplier<Row> next) throws SQLException {
        List<Row> parameters = new ArrayList<>(keys.size());
        for (Row key : keys) {
            List<@Nullable Object> all = new ArrayList<>(next.get().values());
            all.addAll(key.values());
            parameters.add(new Row(all));
        }
        batch(Operation.UPDATE, table.updateSql(assignments), parameters);
    }

    /** Updates each row with a statement that needs no values. */
    void update(Table table, String assignments, List<Row> keys) throws SQLException {
        update(table, assignments, keys, Row::of);
    }

    void delete(Table table, List<Row> keys) throws SQLException {
        batch(Operation.DELETE, table.deleteSql(), keys);
    }

    void execute(Operation operation, String sql, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, Row.of(parameters));
            count(operation, statement.executeUpdate());
        }
    }

    void copy(Table table, List<Row> rows) throws SQLException {
        try {
            CopyManager copier = new CopyManager(connection.unwrap(BaseConnection.class));
            count(Operation.INSERT, copier.copyIn(table.copySql(), new StringReader(CopyText.of(rows))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Mark mark() throws SQLException {
        return new Mark(connection.setSavepoint(), new EnumMap<>(changes));
    }

    void rollBackTo(Mark mark) throws SQLException {
        connection.rollback(mark.savepoint());
        changes.clear();
        changes.putAll(mark.changes());
    }

    private void batch(Operation operation, String sql, List<Row> parameters) throws SQLException {
        if (parameters.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (Row row : parameters) {
                bind(statement, row);
                statement.addBatch();
            }
            for (int rows : statement.executeBatch()) {
                // The driver rewrites batches of plain inserts and then knows no count; each is one row.
                count(operation, rows < 0 ? 1 : rows);
            }
        }
    }

    private static void bind(PreparedStatement statement, Row row) throws SQLException {
        int index = 0;
        for (Object value : row.values()) {
            statement.setObject(++index, value);
        }
    }

    private void count(Operation operation, long rows) {
        changes.merge(operation, rows, Long::sum);
    }
}
