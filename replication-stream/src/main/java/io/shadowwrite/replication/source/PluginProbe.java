package io.shadowwrite.replication.source;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.wal2json.Wal2JsonOptions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * Asks the server to load the output plug-in, which only slot creation does, and the plug-in to take the options of every
 * reader. The slot is temporary and is dropped at once. The plug-in is loaded before the server waits for older
 * transactions, so running into the time bound proves it loads; its options are then not tried.
 */
final class PluginProbe {

    private static final String BOUND = "2s";
    private static final String QUERY_CANCELED = "57014";
    private static final String NO_SUCH_OPTION = "22023";

    private PluginProbe() {}

    static List<StreamProblem> run(Connection connection, String plugin, Wal2JsonOptions options, Runnable untried)
            throws SQLException {
        String slot = "shadow_probe_"
                + Integer.toHexString(ThreadLocalRandom.current().nextInt());
        String before = SessionSettings.show(connection, "statement_timeout");
        bound(connection, BOUND);
        // Waiting for transactions is waiting for their locks, and must end by the bound above.
        execute(connection, "SET lock_timeout TO 0");
        try {
            create(connection, slot, plugin);
            // After an error the server itself drops a temporary slot.
            decodeNothing(connection, slot, options);
            drop(connection, slot);
            return List.of();
        } catch (SQLException e) {
            return switch (String.valueOf(e.getSQLState())) {
                case QUERY_CANCELED -> {
                    untried.run();
                    yield List.of();
                }
                case NO_SUCH_OPTION ->
                    List.of(new StreamProblem(
                            StreamProblem.Code.PLUGIN_OPTIONS,
                            "the plug-in " + plugin + " refuses the options of the readers: " + e.getMessage(),
                            "Install wal2json 2.5 or later on the source server",
                            e));
                default -> List.of(StreamProblem.of("loading the output plug-in " + plugin, e));
            };
        } finally {
            bound(connection, before);
            execute(connection, "RESET lock_timeout");
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

    /** Up to a place that every slot is past, so that the plug-in starts and no transaction is decoded. */
    private static void decodeNothing(Connection connection, String slot, Wal2JsonOptions options) throws SQLException {
        String[] namesAndValues = options.options().entrySet().stream()
                .flatMap(option -> Stream.of(option.getKey(), option.getValue()))
                .toArray(String[]::new);
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT count(*) FROM pg_catalog.pg_logical_slot_peek_changes(?, '0/1', 1, VARIADIC ?::text[])")) {
            statement.setString(1, slot);
            statement.setArray(2, connection.createArrayOf("text", namesAndValues));
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
        execute(connection, "SET statement_timeout TO '" + timeout + "'");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
