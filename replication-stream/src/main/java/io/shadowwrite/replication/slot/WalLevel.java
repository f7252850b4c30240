package io.shadowwrite.replication.slot;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.StreamProblem.Code;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Asked before a slot is created, because the server's own refusal shares its SQLSTATE with a lost slot. */
final class WalLevel {

    private WalLevel() {}

    static void require(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW wal_level")) {
            rows.next();
            String level = rows.getString(1);
            if (!level.equals("logical")) {
                throw new StreamProblem(
                        Code.WAL_LEVEL,
                        "wal_level is " + level,
                        "Run on the source: ALTER SYSTEM SET wal_level = logical; then restart it");
            }
        }
    }
}
