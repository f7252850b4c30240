package io.shadowwrite.system.bench;

import io.shadowwrite.system.bench.report.Load;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** The source and what is written to it. For one thread. */
final class Source implements AutoCloseable {

    static final String PUBLICATION = "bench";

    /** Number and sum of the rows of every table. */
    static final String IMAGE = """
            SELECT concat_ws(' ',
                     (SELECT count(*) || ':' || sum(credit_cents) FROM bench.customer),
                     (SELECT count(*) || ':' || sum(total) FROM bench.purchase),
                     (SELECT count(*) || ':' || sum(quantity) FROM bench.stock),
                     (SELECT count(*) || ':' || sum(amount) FROM bench.movement),
                     (SELECT max(id) FROM bench.marker))
            """;

    private static final int LARGE_TRANSACTIONS = 10;
    private static final int CHANGES_PER_TRANSACTION = 4;

    private final PostgresServer server;
    private final Database database;
    private final int rows;
    private long marker;

    private Source(PostgresServer server, Path definitions, int rows) {
        this.server = server;
        this.database = server.createDatabase("bench");
        this.rows = rows;
        database.runScript(definitions.resolve("source.sql"));
        database.execute("CREATE PUBLICATION " + PUBLICATION + " FOR ALL TABLES");
    }

    /**
     * A source without rows.
     *
     * @param rows of each table, once there are any
     */
    static Source start(PostgresServer.Settings settings, Path definitions, int rows) {
        PostgresServer server = PostgresServer.start(PostgresServer.Role.SOURCE, settings);
        try {
            return new Source(server, definitions, rows);
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    Database database() {
        return database;
    }

    /** Inserts the rows that are updated later. */
    void seed() {
        database.execute("CALL bench.seed(%d)".formatted(rows));
    }

    /** Writes a backlog of about that many events. */
    Backlog write(Load load, int events) {
        int transactions = events / CHANGES_PER_TRANSACTION;
        int large = events / LARGE_TRANSACTIONS;
        return switch (load) {
            case A, BASE, TENFOLD, FILLED ->
                write(
                        load,
                        (long) transactions * CHANGES_PER_TRANSACTION,
                        "CALL bench.workload_a(%d, %d)".formatted(transactions, rows));
            case B -> write(load, events, "CALL bench.workload_b(%d)".formatted(events));
            case C ->
                write(
                        load,
                        (long) large * LARGE_TRANSACTIONS,
                        "CALL bench.workload_c(%d, %d)".formatted(LARGE_TRANSACTIONS, large));
        };
    }

    private Backlog write(Load load, long events, String call) {
        LogSequenceNumber start = lsn(database.queryForString("SELECT pg_current_wal_insert_lsn()::text"));
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            // Only the building of the backlog is in a hurry; the marker below makes all of it durable.
            statement.execute("SET synchronous_commit = off");
            statement.execute(call);
            statement.execute("SET synchronous_commit = on");
            connection.setAutoCommit(false);
            LogSequenceNumber end = mark(connection, ++marker);
            connection.commit();
            return new Backlog(load, events + 1, marker, start, end);
        } catch (SQLException e) {
            throw new BenchFailed("the backlog could not be written", e);
        }
    }

    private static LogSequenceNumber mark(Connection connection, long marker) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO bench.marker VALUES (?)");
                PreparedStatement where = connection.prepareStatement("SELECT pg_current_wal_insert_lsn()::text")) {
            insert.setLong(1, marker);
            insert.executeUpdate();
            try (ResultSet row = where.executeQuery()) {
                row.next();
                return lsn(row.getString(1));
            }
        }
    }

    static LogSequenceNumber lsn(@Nullable String text) {
        return LogSequenceNumber.valueOf(Objects.requireNonNull(text));
    }

    /** Creates a slot for a subscription. */
    void createSlot(String name) {
        database.queryForString("SELECT slot_name FROM pg_create_logical_replication_slot(?, 'pgoutput')", name);
    }

    /** Whether somebody reads the slot now. */
    boolean isRead(String slot) {
        return "t".equals(database.queryForString("SELECT active FROM pg_replication_slots WHERE slot_name = ?", slot));
    }

    /** Cuts off whoever reads the slot. */
    void cutOff(String slot) {
        database.queryForList(
                "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = ? AND active",
                slot);
    }

    @Override
    public void close() {
        server.close();
    }
}
