package io.shadowwrite.cli.cutover;

import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.source.SourceConnection;
import java.sql.Connection;
import java.sql.PreparedStatement;
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

    private static final Duration SESSIONS_END_WITHIN = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final String MAY = """
            SELECT pg_catalog.quote_ident(d.datname) AS name,
                   me.rolsuper OR pg_catalog.pg_has_role(d.datdba, 'USAGE') AS owner,
                   me.rolsuper OR pg_catalog.pg_has_role('pg_signal_backend', 'USAGE') AS may_end,
                   me.rolsuper OR pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE') AS may_see,
                   EXISTS (SELECT
                             FROM pg_catalog.pg_stat_activity s
                             JOIN pg_catalog.pg_roles r ON r.oid = s.usesysid
                            WHERE s.datname = d.datname
                              AND r.rolsuper
                              AND s.backend_type = 'client backend'
                              AND s.application_name NOT LIKE 'shadow-%')
                     AND NOT me.rolsuper AS superusers
              FROM pg_catalog.pg_database d
              JOIN pg_catalog.pg_roles me ON me.rolname = current_user
             WHERE d.datname = pg_catalog.current_database()
            """;

    private static final String SET = """
            SELECT EXISTS (SELECT
                             FROM pg_catalog.pg_db_role_setting s
                             JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
                            CROSS JOIN unnest(s.setconfig) AS c (setting)
                            WHERE d.datname = pg_catalog.current_database()
                              AND s.setrole = 0
                              AND c.setting LIKE 'default_transaction_read_only=%')
            """;

    /** Whoever asks in our name is not a writer: the readers' own connections, and this program's. No walsender is a client backend. */
    private static final String FOREIGN_SESSIONS = """
              FROM pg_catalog.pg_stat_activity
             WHERE datname = pg_catalog.current_database()
               AND backend_type = 'client backend'
               AND pid <> pg_catalog.pg_backend_pid()
               AND application_name NOT LIKE 'shadow-%'
               AND backend_start < ?::timestamptz
            """;

    private static final String END_SESSIONS =
            "SELECT count(*) FILTER (WHERE pg_catalog.pg_terminate_backend(pid)) AS ended, count(*) AS open "
                    + FOREIGN_SESSIONS;

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
            if (!rows.getBoolean("may_end")) {
                return "the source's role may not end sessions: GRANT pg_signal_backend TO it";
            }
            if (!rows.getBoolean("may_see")) {
                return "the source's role does not see sessions of others: GRANT pg_read_all_stats TO it";
            }
            return rows.getBoolean("superusers")
                    ? "sessions of a superuser are open in the source, which only a superuser may end: end them first"
                    : null;
        } catch (SQLException e) {
            return "the source does not tell whether it can be fenced: " + e.getMessage();
        }
    }

    @Override
    public @Nullable String strange() {
        try (Connection connection = open();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SET)) {
            rows.next();
            return rows.getBoolean(1)
                    ? "the source database has %s already, and it would be gone with this attempt: RESET it first"
                            .formatted(SETTING)
                    : null;
        } catch (SQLException e) {
            return "the source does not tell its settings: " + e.getMessage();
        }
    }

    @Override
    public String engage() throws InterruptedException {
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER DATABASE %s SET %s = on".formatted(name(connection), SETTING));
            // Only now: a session that begins from here on is read-only.
            return "%d session(s) ended".formatted(endSessions(connection, now(statement)));
        } catch (SQLException e) {
            throw new CutoverBlocked("FENCE", "the source database cannot be set read-only: " + e.getMessage());
        }
    }

    private static String now(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT pg_catalog.clock_timestamp()::text")) {
            row.next();
            return row.getString(1);
        }
    }

    /** A session that is told to end still commits what it is at; and one that will not end may go on writing. */
    private static long endSessions(Connection connection, String begunBefore)
            throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + SESSIONS_END_WITHIN.toNanos();
        long most = 0;
        try (PreparedStatement statement = connection.prepareStatement(END_SESSIONS)) {
            statement.setString(1, begunBefore);
            while (true) {
                long open = open(statement);
                most = Math.max(most, open);
                if (open == 0) {
                    return most;
                }
                if (System.nanoTime() - deadline >= 0) {
                    throw new CutoverBlocked("FENCE", "%d session(s) of the source do not end".formatted(open));
                }
                Thread.sleep(PAUSE);
            }
        }
    }

    private static long open(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong("open");
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
