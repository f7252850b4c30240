package io.shadowwrite.verification;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.verification.session.Sessions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;

/** Counts what the contract leaves out on purpose, so that a report can say how much that is. */
final class UnmappedRows {

    private UnmappedRows() {}

    /** Rows of every table that the contract leaves out. */
    static Map<String, Long> ofAll(Contract contract, Sessions source) {
        Map<String, Long> rows = new TreeMap<>();
        for (SourceTable table : contract.sources().values()) {
            if (table instanceof SourceTable.Unmapped unmapped) {
                rows.put(unmapped.name().toString(), count(source, unmapped.name()));
            }
        }
        return rows;
    }

    /** Rows of the table in the snapshot; none when there is no such table. */
    private static long count(Sessions source, QualifiedName table) {
        return source.read(table.toString(), connection -> exists(connection, table) ? rows(connection, table) : 0L);
    }

    private static boolean exists(Connection connection, QualifiedName table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select to_regclass(?) is not null")) {
            statement.setString(1, table.quoted());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    private static long rows(Connection connection, QualifiedName table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from " + table.quoted())) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
