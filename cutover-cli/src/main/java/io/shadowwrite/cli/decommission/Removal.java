package io.shadowwrite.cli.decommission;

import io.shadowwrite.cli.check.Finding.Side;
import io.shadowwrite.cli.decommission.Remnant.Kind;
import io.shadowwrite.cli.draft.TargetProblem;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.slot.ReplicationSlots;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Drops what an {@link Inventory} says goes, step by step. Slots first: they are what can hurt production. The schema last:
 * it is what knows the names of the slots, so that whoever is killed in between can begin anew.
 */
public final class Removal {

    private static final String DEPENDENT_OBJECTS = "2BP01";
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /** Never CASCADE: what of the target's own depends on ours must stop this, and not go along. */
    private static final String STATEMENTS = """
            SELECT d.statement
              FROM (SELECT 1 AS turn, 'DROP VIEW ' || string_agg(format('%I.%I', n.nspname, c.relname), ', ') AS statement
                      FROM pg_catalog.pg_class c
                      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                     WHERE n.nspname = ? AND c.relkind = 'v'
                     UNION ALL
                    SELECT 2, 'DROP TABLE ' || string_agg(format('%I.%I', n.nspname, c.relname), ', ')
                      FROM pg_catalog.pg_class c
                      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                     WHERE n.nspname = ? AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                     UNION ALL
                    SELECT 3, 'DROP FUNCTION ' || string_agg(f.oid::regprocedure::text, ', ')
                      FROM pg_catalog.pg_proc f
                      JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace
                     WHERE n.nspname = ?
                     UNION ALL
                    SELECT 4, format('DROP SCHEMA %I', n.nspname)
                      FROM pg_catalog.pg_namespace n
                     WHERE n.nspname = ?) AS d
             WHERE d.statement IS NOT NULL
             ORDER BY d.turn
            """;

    private final Clock clock;
    private final Consumer<Step> done;

    /** @param done is told each step when it is durable */
    public Removal(Clock clock, Consumer<Step> done) {
        this.clock = clock;
        this.done = done;
    }

    /**
     * Drops everything that goes. What is gone already is no error.
     *
     * @param source in auto-commit mode; null when it exists no more
     * @param target in auto-commit mode, with an empty search path, as the owner of the schemas; closed by the caller, also
     *     after a failure
     * @throws RemovalRefused when a slot is read, or something outside depends on a schema
     */
    public void run(Inventory inventory, @Nullable Connection source, Connection target) {
        if (source != null) {
            inventory.of(Kind.SLOT).forEach(slot -> dropSlot(source, slot.name()));
        }
        inventory
                .of(Kind.SCHEMA)
                // The working schema before provenance, which its views look at.
                .sorted((one, other) -> other.name().compareTo(one.name()))
                .forEach(schema -> dropSchema(target, schema.name()));
    }

    private void dropSlot(Connection source, String name) {
        try {
            new ReplicationSlots(source).drop(name);
        } catch (StreamProblem problem) {
            switch (problem.code()) {
                case SLOT_MISSING -> {}
                case SLOT_IN_USE ->
                    throw new RemovalRefused(
                            "slot %s is being read; stop its reader, then run this again".formatted(name), problem);
                default -> throw problem;
            }
        }
        told(Side.SOURCE, "slot %s dropped".formatted(name));
    }

    private void dropSchema(Connection target, String name) {
        try {
            target.setAutoCommit(false);
            for (String sql : statements(target, name)) {
                execute(target, sql);
            }
            target.commit();
            target.setAutoCommit(true);
        } catch (SQLException e) {
            // Nothing follows on this connection: closing it rolls back.
            throw refusal(name, e);
        }
        told(Side.TARGET, "schema %s dropped".formatted(name));
    }

    private static List<String> statements(Connection target, String name) throws SQLException {
        List<String> statements = new ArrayList<>();
        try (PreparedStatement statement = target.prepareStatement(STATEMENTS)) {
            for (int parameter = 1; parameter <= 4; parameter++) {
                statement.setString(parameter, name);
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    statements.add(row.getString("statement"));
                }
            }
        }
        return statements;
    }

    private static void execute(Connection target, String sql) throws SQLException {
        try (Statement statement = target.createStatement()) {
            statement.execute(sql);
        }
    }

    private static RuntimeException refusal(String schema, SQLException e) {
        String message = String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", "; ");
        return switch (String.valueOf(e.getSQLState())) {
            case DEPENDENT_OBJECTS ->
                new RemovalRefused(
                        "schema %s stays: something outside depends on it (%s); change or drop that, then run this again"
                                .formatted(schema, message),
                        e);
            case LOCK_NOT_AVAILABLE ->
                new RemovalRefused(
                        "schema %s stays: somebody uses a table of it (%s); run this again when they are done"
                                .formatted(schema, message),
                        e);
            default -> TargetProblem.of("dropping schema " + schema, e);
        };
    }

    private void told(Side side, String what) {
        done.accept(new Step(side, what, clock.instant()));
    }
}
