package io.shadowwrite.cli.decommission;

import io.shadowwrite.cli.check.Finding.Side;
import io.shadowwrite.cli.decommission.Remnant.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Programs of ours that are connected to a database. Their names are visible to every role. */
final class Sessions {

    /** Every program of ours names its connections so. This command's own may be there for a moment after they were closed. */
    private static final String SESSIONS = """
            SELECT application_name, count(*) AS connections
              FROM pg_catalog.pg_stat_activity
             WHERE datname = current_database()
               AND application_name LIKE 'shadow-%'
               AND application_name <> 'shadow-decommission'
             GROUP BY application_name
             ORDER BY application_name
            """;

    private Sessions() {}

    static List<Remnant> of(Side side, Connection connection) throws SQLException {
        List<Remnant> running = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SESSIONS)) {
            while (row.next()) {
                running.add(new Remnant(
                        side,
                        Kind.RUNNING,
                        row.getString("application_name"),
                        "%d connection(s)".formatted(row.getLong("connections")),
                        null));
            }
        }
        return running;
    }
}
