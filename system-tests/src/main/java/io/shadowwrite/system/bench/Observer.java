package io.shadowwrite.system.bench;

import io.shadowwrite.testsupport.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** One connection that looks and is not counted among the costs. For one thread. */
final class Observer implements AutoCloseable {

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private final long backend;

    Observer(Database database) {
        try {
            connection = database.connect();
        } catch (SQLException e) {
            throw new BenchFailed("cannot look at " + database.name(), e);
        }
        backend = number("SELECT pg_backend_pid()");
    }

    /** The server's process that serves this connection. */
    long backend() {
        return backend;
    }

    /** The first column of the first row. */
    long number(String sql, Object... parameters) {
        try (ResultSet row = query(sql, parameters)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new BenchFailed("cannot look: " + sql, e);
        }
    }

    private ResultSet query(String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement.executeQuery();
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new BenchFailed("cannot stop looking", e);
        }
    }
}
