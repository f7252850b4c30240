package io.shadowwrite.verification.pin;

import io.shadowwrite.replication.slot.ExportedSnapshot;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** One snapshot for all sessions of a side. */
final class SharedSnapshot {

    private SharedSnapshot() {}

    /** Begins a transaction whose first query takes its snapshot. */
    static void begin(Connection first) throws SQLException {
        first.setAutoCommit(false);
        try (Statement statement = first.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        }
    }

    /** Lets all others see what the first one sees. */
    static void share(List<Connection> readers) {
        if (readers.size() > 1) {
            String name = ExportedSnapshot.exportAgain(readers.getFirst());
            readers.stream().skip(1).forEach(reader -> ExportedSnapshot.importInto(reader, name));
        }
    }

    /** The one value of the one row. */
    static String single(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            if (!rows.next()) {
                throw new PinMissed("a server has no answer to a question of the pin: a reader has no position yet");
            }
            return rows.getString(1);
        }
    }
}
