package io.shadowwrite.replication.stream;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.source.SourceConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An ordinary connection of the stream thread for the few questions it cannot ask on the stream. Opened when first needed;
 * every answer is bounded so that the source hears from us in time. A broken one is opened again once.
 */
final class SideConnection implements AutoCloseable {

    private static final Duration ANSWER_BOUND = Duration.ofSeconds(5);

    private final SourceConnection source;
    private final String applicationName;
    private @Nullable Connection connection;

    /** One question. */
    interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    SideConnection(SourceConnection source, String applicationName) {
        this.source = source;
        this.applicationName = applicationName;
    }

    /** Asks, and asks once more over a new connection when the first try fails. */
    <T> T ask(String action, Question<T> question) {
        Connection open = connection;
        if (open != null) {
            try {
                return question.ask(open);
            } catch (SQLException e) {
                close();
            }
        }
        try {
            Connection fresh = source.openBounded(applicationName, ANSWER_BOUND);
            connection = fresh;
            return question.ask(fresh);
        } catch (SQLException e) {
            throw StreamProblem.of(action, e);
        }
    }

    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                SourceConnection.abandon(open);
            }
        }
    }
}
