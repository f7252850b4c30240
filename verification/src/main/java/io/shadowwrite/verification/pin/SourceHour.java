package io.shadowwrite.verification.pin;

import io.shadowwrite.replication.StreamProblem;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

/** The hour that a tick counts for, by the source's clock. */
final class SourceHour {

    private static final String HOUR = """
            SELECT extract(epoch FROM date_trunc('hour', clock_timestamp()))::bigint
            """;

    private SourceHour() {}

    static Instant read(Connection source) {
        try (Statement statement = source.createStatement();
                ResultSet rows = statement.executeQuery(HOUR)) {
            rows.next();
            return Instant.ofEpochSecond(rows.getLong(1));
        } catch (SQLException e) {
            throw new StreamProblem(
                    StreamProblem.Code.SOURCE_ERROR,
                    "the source does not tell the time (SQLSTATE %s)".formatted(e.getSQLState()),
                    "Run it again",
                    e);
        }
    }
}
