package io.shadowwrite.system;

import io.shadowwrite.protocol.Side;
import io.shadowwrite.system.traffic.Traffic;
import io.shadowwrite.system.traffic.TrafficReport;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.replication.LogSequenceNumber;

/**
 * As much as the suite carries is written to the source of a house until this is closed. Traffic leaves more rows than it
 * removes, so the oldest are removed beside it: however long it lasts, there is about as much to compare.
 */
final class FullTraffic implements AutoCloseable {

    /** Writers pause when the consumer is further behind: what outruns it for good is never at one LSN with it. */
    private static final long MOST_BYTES_BEHIND = 2L << 20;

    private static final int MOST_PARTNERS = 4_000;

    /** Accounts hold a partner back; everything else goes with it. */
    private static final List<String> REMOVE_OLDEST = List.of(
            "DELETE FROM partners.bank_account WHERE partner_id IN (SELECT id FROM partners.partner ORDER BY id LIMIT 200)",
            "DELETE FROM partners.partner WHERE id IN (SELECT id FROM partners.partner ORDER BY id LIMIT 200)",
            "DELETE FROM partners.price_list WHERE id IN (SELECT id FROM partners.price_list ORDER BY id LIMIT 20)",
            "DELETE FROM partners.audit_log");

    private static final String REFERENCE_VIOLATION = "23503";
    private static final String LOCK_NOT_GRANTED = "55P03";
    private static final String DEADLOCK = "40P01";

    private final House house;
    private final Traffic traffic;
    private final AtomicBoolean enough = new AtomicBoolean();
    private final AtomicBoolean tooFar = new AtomicBoolean();
    private final CompletableFuture<?> watching;
    private final CompletableFuture<?> sweeping;
    private final CompletableFuture<TrafficReport> writing;

    private FullTraffic(House house, long seed) {
        this.house = house;
        this.traffic = house.traffic(seed);
        this.watching = CompletableFuture.runAsync(
                this::watch, task -> Thread.ofPlatform().name("watch").start(task));
        this.sweeping = CompletableFuture.runAsync(
                this::sweep, task -> Thread.ofPlatform().name("sweep").start(task));
        this.writing = CompletableFuture.supplyAsync(
                () -> traffic.run(Long.MAX_VALUE, Double.POSITIVE_INFINITY, this::stopOrPause),
                task -> Thread.ofPlatform().name("traffic").start(task));
    }

    static FullTraffic on(House house, long seed) {
        return new FullTraffic(house, seed);
    }

    /** Row changes committed so far. */
    long changes() {
        return traffic.changes();
    }

    private void watch() {
        try (Connection connection = house.source().connect();
                PreparedStatement statement = connection.prepareStatement("SELECT pg_current_wal_lsn() - ?::pg_lsn")) {
            while (!enough.get()) {
                statement.setString(1, consumer().asString());
                try (ResultSet rows = statement.executeQuery()) {
                    rows.next();
                    tooFar.set(rows.getLong(1) > MOST_BYTES_BEHIND);
                }
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } finally {
            tooFar.set(false);
        }
    }

    private void sweep() {
        try (Connection connection = house.source().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET lock_timeout = '200ms'");
            connection.setAutoCommit(false);
            while (!enough.get()) {
                sweep(connection, statement);
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sweep(Connection connection, Statement statement) throws SQLException {
        try {
            try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM partners.partner")) {
                rows.next();
                if (rows.getInt(1) > MOST_PARTNERS) {
                    for (String one : REMOVE_OLDEST) {
                        statement.execute(one);
                    }
                }
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            if (!Set.of(REFERENCE_VIOLATION, LOCK_NOT_GRANTED, DEADLOCK).contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
        }
    }

    private LogSequenceNumber consumer() {
        return house.api().positions().stream()
                .filter(reader -> reader.side() == Side.CONSUMER)
                .findFirst()
                .orElseThrow()
                .position();
    }

    private boolean stopOrPause() {
        while (tooFar.get() && !enough.get()) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        return enough.get();
    }

    /** Ends the writers, and fails when one of them failed. */
    @Override
    public void close() {
        enough.set(true);
        writing.join();
        watching.join();
        sweeping.join();
    }
}
