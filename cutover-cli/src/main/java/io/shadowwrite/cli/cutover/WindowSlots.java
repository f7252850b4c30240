package io.shadowwrite.cli.cutover;

import io.shadowwrite.protocol.Window;
import io.shadowwrite.replication.StreamProblem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The slots of the window as the server that we are connected to knows them: a server has many databases, and a fence or a
 * look at writers in another one proves nothing and stops the wrong people.
 */
public record WindowSlots(Connection connection) {

    private static final String SLOTS = """
            SELECT wanted.name, s.database, pg_catalog.current_database() AS here
              FROM (VALUES (?), (?)) AS wanted (name)
              LEFT JOIN pg_catalog.pg_replication_slots s ON s.slot_name = wanted.name
             WHERE s.database IS DISTINCT FROM pg_catalog.current_database()
             ORDER BY wanted.name
            """;

    /** Why this is not the database of the window, one line for each slot; empty when it is. */
    public List<String> elsewhere(Window window) {
        List<String> reasons = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(SLOTS)) {
            statement.setString(1, window.consumerSlot());
            statement.setString(2, window.verifierSlot());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String database = row.getString("database");
                    reasons.add(
                            database == null
                                    ? "slot %s of the window is not there".formatted(row.getString("name"))
                                    : "slot %s of the window decodes database %s, and --source-url leads to %s"
                                            .formatted(row.getString("name"), database, row.getString("here")));
                }
            }
            return reasons;
        } catch (SQLException e) {
            throw StreamProblem.ofQuestion("looking for the slots of the window", e);
        }
    }
}
