package io.shadowwrite.cli.cutover;

import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.source.SourceConnection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * New sessions of the source database begin read-only, and those that are open are ended. It stops applications that were
 * forgotten; it does not stop who asks for a writing session ({@code SET default_transaction_read_only = off}), nor roles
 * with a setting of their own. A connection for each call, because an attempt may be killed between any two.
 */
public final class ReadOnlyFence implements Fence {

    private static final String APPLICATION_NAME = "shadow-fence";
    private static final Duration ANSWER_BOUND = Duration.ofSeconds(30);
    private static final String SETTING = "default_transaction_read_only";

    private static final String MAY = """
            SELECT pg_catalog.quote_ident(d.datname) AS name,
                   pg_catalog.pg_has_role(d.datdba, 'USAGE')
                     OR (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) AS owner,
                   pg_catalog.pg_has_role('pg_signal_backend', 'USAGE')
                     OR (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) AS may_end
              FROM pg_catalog.pg_database d
             WHERE d.datname = pg_catalog.current_database()
            """;

    /** Whoever asks in our name is not a writer: the readers' own connections, and this program's. */
    private static final String END_SESSIONS = """
            SELECT pg_catalog.pg_terminate_backend(pid)
              FROM pg_catalog.pg_stat_activity
             WHERE datname = pg_catalog.current_database()
               AND backend_type = 'client backend'
               AND pid <> pg_catalog.pg_backend_pid()
               AND application_name NOT LIKE 'shadow-%'
               AND application_name NOT IN (SELECT application_name
                                              FROM pg_catalog.pg_stat_replication)
            """;

    private final SourceConnection source;

    public ReadOnlyFence(SourceConnection source) {
        this.source = source;
    }

    @Override
    public String kind() {
        return "read-only";
    }

    @Override
    public String would() {
        return "set %s = on for the source database and end the sessions that are open; who asks for a writing session, or has a setting of his role, still gets one"
                .formatted(SETTING);
    }

    @Override
    public @Nullable String objection() {
        try (Connection connection = open();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(MAY)) {
            rows.next();
            if (!rows.getBoolean("owner")) {
                return "the source's role may not alter the database %s: it has to own it"
                        .formatted(rows.getString("name"));
            }
            return rows.getBoolean("may_end")
                    ? null
                    : "the source's role may not end sessions: GRANT pg_signal_backend TO it";
        } catch (SQLException e) {
            return "the source does not tell whether it can be fenced: " + e.getMessage();
        }
    }

    @Override
    public void engage() {
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER DATABASE %s SET %s = on".formatted(name(connection), SETTING));
            // Only now: a session that begins from here on is read-only.
            statement.execute(END_SESSIONS);
        } catch (SQLException e) {
            throw new CutoverBlocked("FENCE", "the source database cannot be set read-only: " + e.getMessage());
        }
    }

    @Override
    public void release() {
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER DATABASE %s RESET %s".formatted(name(connection), SETTING));
        } catch (SQLException | StreamProblem e) {
            throw new FenceStays(
                    "the source database may still be read-only by default: ALTER DATABASE ... RESET " + SETTING, e);
        }
    }

    private static String name(Connection connection) throws SQLException {
        return QualifiedName.quote(connection.getCatalog());
    }

    private Connection open() throws SQLException {
        Connection connection = source.openBounded(APPLICATION_NAME, ANSWER_BOUND);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET %s = off".formatted(SETTING));
            return connection;
        } catch (SQLException e) {
            connection.abort(Runnable::run);
            throw e;
        }
    }
}
