package io.shadowwrite.replication.source;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.StreamProblem.Code;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/** The session settings that decide how values are spelled. A value in another spelling is a false difference. */
final class SessionSettings {

    /** How long an answer may take while a stream or a snapshot is being opened. */
    static final int ANSWER_SECONDS = 10;

    private static final Map<String, String> SPELLING = spelling();

    private SessionSettings() {}

    private static Map<String, String> spelling() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("TimeZone", "UTC");
        settings.put("DateStyle", "ISO, MDY");
        settings.put("IntervalStyle", "postgres");
        settings.put("extra_float_digits", "1");
        settings.put("bytea_output", "hex");
        settings.put("search_path", "\"\"");
        return settings;
    }

    /** The start-up options of a connection that holds a stream or a snapshot: spelling, and no time-out of the server. */
    static String streamOptions() {
        return "-c bytea_output=hex -c DateStyle=ISO,MDY -c IntervalStyle=postgres -c extra_float_digits=1"
                + " -c statement_timeout=0 -c idle_in_transaction_session_timeout=0";
    }

    /** Pins the spelling of a new connection; the driver would otherwise bring the time zone of this JVM. */
    static void pin(Connection connection) throws SQLException {
        StringBuilder pins = new StringBuilder();
        SPELLING.forEach((name, value) -> pins.append("SET ")
                .append(name)
                .append(" TO ")
                .append(value.equals("\"\"") ? "''" : value)
                .append(';'));
        try (Statement statement = connection.createStatement()) {
            statement.execute(pins.toString());
        }
    }

    /**
     * Reads every setting back and refuses a difference.
     *
     * @throws StreamProblem SESSION_SETTING or SERVER_ENCODING
     */
    static void verifyStream(Connection connection) throws SQLException {
        for (Map.Entry<String, String> setting : SPELLING.entrySet()) {
            require(connection, setting.getKey(), setting.getValue());
        }
        require(connection, "statement_timeout", "0");
        require(connection, "idle_in_transaction_session_timeout", "0");
        // A parameter of the URL wins over ours.
        if (connection.getNetworkTimeout() != ANSWER_SECONDS * 1000) {
            throw new StreamProblem(
                    Code.SESSION_SETTING,
                    "socketTimeout is " + connection.getNetworkTimeout() + " ms",
                    "Remove socketTimeout from the JDBC URL of the source");
        }
        String encoding = show(connection, "server_encoding");
        if (!encoding.equals("UTF8")) {
            throw new StreamProblem(
                    Code.SERVER_ENCODING,
                    "the database is encoded in " + encoding,
                    "Only databases with server_encoding UTF8 can be shadowed");
        }
    }

    private static void require(Connection connection, String name, String wanted) throws SQLException {
        String actual = show(connection, name);
        if (!actual.equals(wanted)) {
            throw new StreamProblem(
                    Code.SESSION_SETTING,
                    name + " is " + actual + " instead of " + wanted,
                    "Remove the option from the JDBC URL of the source, and connect without a pooler");
        }
    }

    /** Reads one setting; the name is a constant of the caller. */
    static String show(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW " + name)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
