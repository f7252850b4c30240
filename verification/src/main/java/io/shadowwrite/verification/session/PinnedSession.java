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
        settings.put("idle_in_transaction_session_timeout", "0");
        return settings;
    }

    /** Pins every setting of a new connection in auto-commit mode and checks that they hold. */
    public static void pin(Connection connection, Duration statementTimeout) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_catalog.set_config(?, ?, false)")) {
            for (Map.Entry<String, String> setting : SETTINGS.entrySet()) {
                set(statement, setting.getKey(), setting.getValue());
            }
            set(statement, "statement_timeout", Long.toString(statementTimeout.toMillis()));
        }
        check(connection);
    }

    private static void set(PreparedStatement statement, String name, String value) throws SQLException {
        statement.setString(1, name);
        statement.setString(2, value);
        statement.execute();
    }

    /**
     * Reads every setting back.
     *
     * @throws VerificationProblem SESSION_SETTING when one differs, or the database is not encoded in UTF-8
     */
    public static void check(Connection connection) throws SQLException {
        for (Map.Entry<String, String> setting : SETTINGS.entrySet()) {
            require(connection, setting.getKey(), setting.getValue().isEmpty() ? "\"\"" : setting.getValue());
        }
        require(connection, "server_encoding", "UTF8");
    }

    private static void require(Connection connection, String name, String wanted) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW " + name)) {
            rows.next();
            String actual = rows.getString(1);
            if (!wanted.equals(actual) && !(actual.isEmpty() && wanted.equals("\"\""))) {
                throw new VerificationProblem(
                        Code.SESSION_SETTING,
                        "session setting %s is '%s' instead of '%s'".formatted(name, actual, wanted),
                        "Connect without a pooler that changes settings; only databases in UTF8 can be verified",
                        null);
            }
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
