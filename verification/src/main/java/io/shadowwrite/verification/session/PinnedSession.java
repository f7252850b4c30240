package io.shadowwrite.verification.session;

import io.shadowwrite.verification.session.VerificationProblem.Code;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Session settings under which both servers spell every value the same, and sees every row or fails. */
public final class PinnedSession {

    private static final Map<String, String> SETTINGS = settings();

    private static final String ROW_SECURITY_ACTIVE = """
            SELECT pg_catalog.row_security_active(c.oid)
              FROM pg_catalog.pg_class c
             WHERE c.oid = pg_catalog.to_regclass(?)
            """;

    private PinnedSession() {}

    private static Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("TimeZone", "UTC");
        settings.put("DateStyle", "ISO, MDY");
        settings.put("IntervalStyle", "postgres");
        settings.put("extra_float_digits", "1");
        settings.put("bytea_output", "hex");
        settings.put("search_path", "");
        settings.put("standard_conforming_strings", "on");
        // A policy that would hide rows is an error instead.
        settings.put("row_security", "off");
        settings.put("jit", "off");
        // As many processes as readers: they share a scan by its pages.
        settings.put("max_parallel_workers_per_gather", "0");
        // Sums of every bucket are kept in memory, and what differs is sorted.
        settings.put("work_mem", "64MB");
        settings.put("idle_in_transaction_session_timeout", "0");
        // Who sums sends nothing for long: a verifier that is gone must not keep its locks and snapshot until the end
        // of that.
        settings.put("client_connection_check_interval", "2s");
        return settings;
    }

    /** Pins every setting of a new connection in auto-commit mode and checks that they hold. */
    public static void pin(Connection connection, Duration statementTimeout) throws SQLException {
        Map<String, String> settings = new LinkedHashMap<>(SETTINGS);
        settings.put("statement_timeout", Long.toString(statementTimeout.toMillis()));
        // In one statement: a session has more settings than a tick has patience with a distant server.
        try (PreparedStatement statement =
                connection.prepareStatement(each(settings.keySet(), "pg_catalog.set_config('%s', ?, false)"))) {
            int position = 1;
            for (String value : settings.values()) {
                statement.setString(position++, value);
            }
            statement.execute();
        }
        check(connection);
    }

    private static String each(Collection<String> names, String call) {
        return names.stream().map(call::formatted).collect(Collectors.joining(", ", "SELECT ", ""));
    }

    /**
     * Reads every setting back.
     *
     * @throws VerificationProblem SESSION_SETTING when one differs, or the database is not encoded in UTF-8
     */
    public static void check(Connection connection) throws SQLException {
        Map<String, String> wanted = new LinkedHashMap<>(SETTINGS);
        wanted.put("server_encoding", "UTF8");
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(each(wanted.keySet(), "pg_catalog.current_setting('%s')"))) {
            rows.next();
            int position = 1;
            for (Map.Entry<String, String> setting : wanted.entrySet()) {
                require(setting.getKey(), setting.getValue(), rows.getString(position++));
            }
        }
    }

    private static void require(String name, String wanted, String actual) {
        // Some servers spell the empty list of schemas, others its one quoted name.
        boolean same = wanted.equals(actual) || (wanted.isEmpty() && actual.equals("\"\""));
        if (!same) {
            throw new VerificationProblem(
                    Code.SESSION_SETTING,
                    "session setting %s is '%s' instead of '%s'".formatted(name, actual, wanted),
                    "Connect without a pooler that changes settings; only databases in UTF8 can be verified",
                    null);
        }
    }

    /**
     * Refuses tables whose rows a policy may hide from this role. The settings would make reading them fail as well; this
     * says why.
     *
     * @param tables names as SQL
     * @throws VerificationProblem ROW_SECURITY
     */
    public static void refuseRowSecurity(Connection connection, Collection<String> tables) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ROW_SECURITY_ACTIVE)) {
            for (String table : tables) {
                statement.setString(1, table);
                try (ResultSet rows = statement.executeQuery()) {
                    if (rows.next() && rows.getBoolean(1)) {
                        throw new VerificationProblem(
                                Code.ROW_SECURITY,
                                "row security may hide rows of %s from the verifier".formatted(table),
                                "Give its role BYPASSRLS: ALTER ROLE ... BYPASSRLS;",
                                null);
                    }
                }
            }
        }
    }
}
