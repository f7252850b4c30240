package io.shadowwrite.replication.source;

import io.shadowwrite.replication.StreamProblem;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.postgresql.PGProperty;

/**
 * Where the source is and who we are there. Never prints the password.
 *
 * @param jdbcUrl a {@code jdbc:postgresql:} URL that reaches the server itself, not a pooler
 * @param user a role with REPLICATION
 * @param password its password, possibly empty
 */
public record SourceConnection(String jdbcUrl, String user, String password) {

    private static final int CONNECT_TIMEOUT_SECONDS = 10;

    public SourceConnection {
        if (!jdbcUrl.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("the source needs a jdbc:postgresql: URL");
        }
    }

    /**
     * Opens an ordinary SQL connection with pinned session settings (UTC, ISO dates, hex, empty search path). The caller
     * closes it.
     *
     * @throws StreamProblem when the source does not let us in
     */
    public Connection open(String applicationName) {
        return connect(properties(applicationName));
    }

    /**
     * The same for short questions that must not hang: an answer that takes longer than {@code bound} is an error. The
     * server gives up a little earlier, so that questions that wait do not become more and more there, and after a second
     * where they wait for a lock: whoever wants one that we hold meanwhile waits as long.
     *
     * @throws StreamProblem when the source does not let us in
     */
    public Connection openBounded(String applicationName, Duration bound) {
        String seconds = Long.toString(Math.max(1, bound.toSeconds()));
        long serverMillis = Math.max(500, bound.minusSeconds(1).toMillis());
        Properties properties = properties(applicationName);
        PGProperty.OPTIONS.set(properties, "-c statement_timeout=" + serverMillis + " -c lock_timeout=1000");
        PGProperty.CONNECT_TIMEOUT.set(properties, seconds);
        PGProperty.SOCKET_TIMEOUT.set(properties, seconds);
        return connect(properties);
    }

    /**
     * Opens a replication connection to the database, with every setting of the stream verified. The caller closes it.
     * Answers stay bounded until {@link #waitWithoutBound}: a network that falls silent now must not hold us for ever.
     *
     * @throws StreamProblem when the source does not let us in, SESSION_SETTING, SERVER_ENCODING
     */
    public Connection openReplication(String applicationName) {
        Properties properties = properties(applicationName);
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.SOCKET_TIMEOUT.set(properties, Integer.toString(SessionSettings.ANSWER_SECONDS));
        PGProperty.OPTIONS.set(properties, SessionSettings.streamOptions());
        Connection connection = connect(properties);
        try {
            SessionSettings.verifyStream(connection);
            return connection;
        } catch (SQLException e) {
            abandon(connection);
            throw StreamProblem.of("checking the session settings of the source", e);
        } catch (StreamProblem e) {
            abandon(connection);
            throw e;
        }
    }

    private Properties properties(String applicationName) {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, user);
        PGProperty.PASSWORD.set(properties, password);
        PGProperty.APPLICATION_NAME.set(properties, applicationName);
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "15");
        PGProperty.TCP_KEEP_ALIVE.set(properties, "true");
        PGProperty.CONNECT_TIMEOUT.set(properties, Integer.toString(CONNECT_TIMEOUT_SECONDS));
        return properties;
    }

    private Connection connect(Properties properties) {
        try {
            Connection connection = DriverManager.getConnection(jdbcUrl, properties);
            try {
                SessionSettings.pin(connection);
                return connection;
            } catch (SQLException e) {
                abandon(connection);
                throw e;
            }
        } catch (SQLException e) {
            throw StreamProblem.of("connecting to the source", e);
        }
    }

    /** Lifts the bound of {@link #openReplication}, for an answer that may take long. */
    public static void waitWithoutBound(Connection replication) throws SQLException {
        replication.setNetworkTimeout(Runnable::run, 0);
    }

    /** Drops the socket without a farewell: closing a replication connection politely would drain it. */
    public static void abandon(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // Already gone, which is what we want.
            return;
        }
    }

    /** The address only. */
    @Override
    public String toString() {
        int query = jdbcUrl.indexOf('?');
        return "SourceConnection[" + user + " at " + (query < 0 ? jdbcUrl : jdbcUrl.substring(0, query)) + "]";
    }
}
