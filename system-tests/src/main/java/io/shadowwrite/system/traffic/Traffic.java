package io.shadowwrite.system.traffic;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Write traffic on the source of the worked contract, made by several writers with seeded randomness. One writer with the
 * same seed on the same rows always leaves the same rows; several interleave as the server lets them.
 *
 * <p>One caller at a time; {@link #changes()} may be read from any thread. A failure of the database other than the
 * rivalry of writers ends the run with an {@link IllegalStateException}.
 */
public final class Traffic {

    private final String jdbcUrl;
    private final String user;
    private final String password;
    private final SplittableRandom random;
    private final int writers;
    private final AtomicLong changes = new AtomicLong();

    /**
     * Traffic that has not begun; nothing is connected yet.
     *
     * @param jdbcUrl address without user and password
     * @param seed of everything that is random
     * @param writers threads, each with a connection of its own
     */
    public Traffic(String jdbcUrl, String user, String password, long seed, int writers) {
        if (writers < 1) {
            throw new IllegalArgumentException("traffic needs at least one writer, not " + writers);
        }
        this.jdbcUrl = jdbcUrl;
        this.user = user;
        this.password = password;
        this.random = new SplittableRandom(seed);
        this.writers = writers;
    }

    /** Inserts what everything else refers to, in one transaction; rows that are there already stay as they are. */
    public void seedReferenceRows() {
        try (Connection connection = connect()) {
            ReferenceTraffic.seed(new Session(connection, new Values(random.split())));
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot seed reference rows: " + e.getMessage(), e);
        }
    }

    /**
     * Writes until at least that many row changes are committed or {@code stop} holds.
     *
     * @param rowChanges the goal; changes by cascades are not counted
     * @param changesPerSecond of all writers together; {@link Double#POSITIVE_INFINITY} for no limit
     * @param stop asked before every transaction by every writer
     */
    public TrafficReport run(long rowChanges, double changesPerSecond, BooleanSupplier stop) {
        if (!(changesPerSecond > 0)) {
            throw new IllegalArgumentException("changes per second must be positive, not " + changesPerSecond);
        }
        Pace pace = new Pace(rowChanges, changesPerSecond, stop, changes);
        Tally total = new Tally();
        try (ExecutorService threads = Executors.newFixedThreadPool(
                writers, Thread.ofPlatform().name("traffic-", 1).factory())) {
            List<Future<Tally>> running = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                SplittableRandom own = random.split();
                running.add(threads.submit(() -> write(own, pace)));
            }
            for (Future<Tally> writer : running) {
                total.add(result(writer, pace));
            }
        }
        return total.report();
    }

    /** Row changes committed so far, by all runs, without those of cascades. */
    public long changes() {
        return changes.get();
    }

    private Tally write(SplittableRandom own, Pace pace) throws SQLException {
        try (Connection connection = connect()) {
            return new Writer(connection, own, pace).write();
        } catch (SQLException | RuntimeException e) {
            pace.abort();
            throw e;
        }
    }

    private static Tally result(Future<Tally> writer, Pace pace) {
        try {
            return writer.get();
        } catch (InterruptedException e) {
            pace.abort();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while traffic was running", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("traffic ended early: " + e.getCause(), e.getCause());
        }
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", "traffic");
        // Strings are bound without a type, so that the server reads them as enum, jsonb or interval.
        properties.setProperty("stringtype", "unspecified");
        properties.setProperty("reWriteBatchedInserts", "true");
        // Shorter than the server's own search for deadlocks, which would cost a second each.
        properties.setProperty("options", "-c lock_timeout=200ms -c statement_timeout=60s");
        Connection connection = DriverManager.getConnection(jdbcUrl, properties);
        connection.setAutoCommit(false);
        return connection;
    }
}
