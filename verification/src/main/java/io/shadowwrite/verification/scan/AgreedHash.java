package io.shadowwrite.verification.scan;

import io.shadowwrite.canonical.RowHash;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Which hash both servers of a comparison compute alike. */
public final class AgreedHash {

    private AgreedHash() {}

    /** The server's own hash where both servers agree on it, otherwise MD5. */
    public static RowHash of(Connection source, Connection target) throws SQLException {
        return probe(source).equals(probe(target)) ? RowHash.SERVER : RowHash.MD5;
    }

    /** The same for a server that is asked by somebody else. */
    public static RowHash with(Connection source, List<Long> probeOfTarget) throws SQLException {
        return probe(source).equals(probeOfTarget) ? RowHash.SERVER : RowHash.MD5;
    }

    private static List<Long> probe(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(RowHash.SERVER.probe())) {
            rows.next();
            List<Long> answers = new ArrayList<>();
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                answers.add(rows.getLong(i));
            }
            return answers;
        }
    }
}
