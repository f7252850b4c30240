package io.shadowwrite.replication.source;

import io.shadowwrite.replication.StreamProblem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Asks the server to load the output plug-in, which only slot creation does. The slot is temporary and is dropped at once.
 * The plug-in is loaded before the server waits for older transactions, so running into the time bound proves it loads.
 */
final class PluginProbe {

    private static final String BOUND = "2s";
    private static final String QUERY_CANCELED = "57014";

    private PluginProbe() {}

    static List<StreamProblem> run(Connection connection, String plugin) throws SQLException {
        String slot = "shadow_probe_"
                + Integer.toHexString(ThreadLocalRandom.current().nextInt());
        String before = SessionSettings.show(connection, "statement_timeout");
        bound(connection, BOUND);
        try {
            create(connection, slot, plugin);
            drop(connection, slot);
            return List.of();
        } catch (SQLException e) {
            return QUERY_CANCELED.equals(e.getSQLState())
                    ? List.of()
                    : List.of(StreamProblem.of("loading the output plug-in " + plugin, e));
        } finally {
            bound(connection, before);
        }
    }

    private static void create(Connection connection, String slot, String plugin) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pg_catalog.pg_create_logical_replication_slot(?, ?, true)")) {
            statement.setString(1, slot);
            statement.setString(2, plugin);
            statement.execute();
        }
    }

    private static void drop(Connection connection, String slot) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pg_catalog.pg_drop_replication_slot(?)")) {
            statement.setString(1, slot);
            statement.execute();
        }
    }

    private static void bound(Connection connection, String timeout) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET statement_timeout TO '" + timeout + "'");
        }
    }
}
