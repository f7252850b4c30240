package io.shadowwrite.canonical;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs a query with text parameters on an open connection. */
final class SqlRow {

    private SqlRow() {}

    /** The columns of the only row, as text. */
    static List<@Nullable String> query(Connection connection, String sql, String... parameters) throws SQLException {
        List<List<@Nullable String>> rows = queryAll(connection, sql, (Object[]) parameters);
        if (rows.size() != 1) {
            throw new IllegalStateException("one row expected, not " + rows.size());
        }
        return rows.getFirst();
    }

    static List<List<@Nullable String>> queryAll(Connection connection, String sql, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet result = statement.executeQuery()) {
                List<List<@Nullable String>> rows = new ArrayList<>();
                while (result.next()) {
                    rows.add(row(result));
                }
                return rows;
            }
        }
    }

    private static List<@Nullable String> row(ResultSet result) throws SQLException {
        List<@Nullable String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
            row.add(result.getString(i));
        }
        return row;
    }
}
