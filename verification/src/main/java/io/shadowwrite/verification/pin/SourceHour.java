package io.shadowwrite.verification.pin;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.source.SourceConnection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;

/** The hour that a tick counts for, by the source's clock. */
public final class SourceHour {

    private static final String HOUR = """
            SELECT extract(epoch FROM date_trunc('hour', clock_timestamp()))::bigint
            """;

    private static final Duration ANSWER_BOUND = Duration.ofSeconds(10);

    private SourceHour() {}

    /**
     * The same over a connection of its own.
     *
     * @throws StreamProblem when the source does not let us in or does not tell
     */
    public static Instant read(SourceConnection source) {
        try (Connection connection = source.openBounded("shadow-verifier", ANSWER_BOUND)) {
            return read(connection);
        } catch (SQLException closing) {
            throw StreamProblem.ofQuestion("asking the source for the time", closing);
        }
    }

    /**
     * The full UTC hour it is now.
     *
     * @throws StreamProblem when the source does not tell
     */
    public static Instant read(Connection source) {
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
