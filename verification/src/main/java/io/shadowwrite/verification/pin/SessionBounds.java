package io.shadowwrite.verification.pin;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** How long a session waits for an answer: seconds while somebody may be held, as long as a query may take afterwards. */
final class SessionBounds {

    private static final Duration WHILE_PINNING = Duration.ofSeconds(20);
    private static final Duration MARGIN = Duration.ofMinutes(1);

    private SessionBounds() {}

    /** A server that falls silent breaks the session instead of the pin's promise to be short. */
    static void whilePinning(Connection session) throws SQLException {
        within(session, WHILE_PINNING);
    }

    /** The server gives up first, and says so. */
    static void whileReading(Connection session, Duration statementTimeout) throws SQLException {
        within(session, statementTimeout.plus(MARGIN));
    }

    /**
     * For a session that writes messages: that they are written here is all that decoding needs, and a commit would wait for
     * a synchronous standby without any bound, whatever statements may take.
     */
    static void waitForNoStandby(Connection session) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute("SET synchronous_commit = local");
        }
    }

    private static void within(Connection session, Duration bound) throws SQLException {
        session.setNetworkTimeout(Runnable::run, Math.toIntExact(bound.toMillis()));
    }
}
