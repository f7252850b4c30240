package io.shadowwrite.system;

import io.shadowwrite.protocol.Side;
import io.shadowwrite.system.traffic.Traffic;
import io.shadowwrite.system.traffic.TrafficReport;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.replication.LogSequenceNumber;

/** As much as the suite carries is written to the source of a house until this is closed. */
final class FullTraffic implements AutoCloseable {

    /** Writers pause when the consumer is further behind: what outruns it for good is never at one LSN with it. */
    private static final long MOST_BYTES_BEHIND = 2L << 20;

    private final House house;
    private final Traffic traffic;
    private final AtomicBoolean enough = new AtomicBoolean();
    private final AtomicBoolean tooFar = new AtomicBoolean();
    private final CompletableFuture<?> watching;
    private final CompletableFuture<TrafficReport> writing;

    private FullTraffic(House house, long seed) {
        this.house = house;
        this.traffic = house.traffic(seed);
        this.watching = CompletableFuture.runAsync(
                this::watch, task -> Thread.ofPlatform().name("watch").start(task));
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
    }
}
