package io.shadowwrite.system.bench;

import io.shadowwrite.system.bench.report.Latency;
import io.shadowwrite.testsupport.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Commits one-row transactions at a steady rate and looks for each in the target. A commit counts from the moment the
 * writer hears of it; it is visible when a look finds it, so a figure is at most one look too long.
 */
final class LatencyProbe {

    private static final long FIRST_KEY = 1L << 40;
    private static final Duration BETWEEN_LOOKS = Duration.ofNanos(100_000);
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(60);

    private static final String INSERT = """
            INSERT INTO bench.movement
            VALUES (?, 1, 1, 1, 'booked by the benchmark', clock_timestamp())
            """;

    private static long used;

    private final Database source;
    private final Contender contender;
    private final int commits;
    private final long firstKey;
    private final AtomicLongArray committed;
    private final long[] seen;

    LatencyProbe(Database source, Contender contender, int commits) {
        this.source = source;
        this.contender = contender;
        this.commits = commits;
        this.firstKey = FIRST_KEY + used;
        this.committed = new AtomicLongArray(commits);
        this.seen = new long[commits];
        used += commits;
    }

    /** The first tenth is a warm-up and not counted. */
    Latency run() {
        CompletableFuture<Void> writing = CompletableFuture.runAsync(
                this::write, task -> Thread.ofPlatform().name("latency-writer").start(task));
        double[] gaps = watch();
        writing.join();
        double[] millis = new double[commits];
        for (int i = 0; i < commits; i++) {
            // Visible before the writer heard of its own commit.
            millis[i] = Math.max(0, seen[i] - committed.get(i)) / 1e6;
        }
        return Latency.of(contender.entrant(), Arrays.copyOfRange(millis, commits / 10, commits), gaps);
    }

    private void write() {
        long interval = Duration.ofSeconds(1).toNanos() / Latency.EVENTS_PER_SECOND;
        try (Connection connection = source.connect();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            long started = System.nanoTime();
            for (int i = 0; i < commits; i++) {
                while (System.nanoTime() - started < i * interval) {
                    LockSupport.parkNanos(started + i * interval - System.nanoTime());
                }
                insert.setLong(1, firstKey + i);
                insert.executeUpdate();
                committed.set(i, System.nanoTime());
            }
        } catch (SQLException e) {
            throw new BenchFailed("cannot write to the source", e);
        }
    }

    /** Notes when each row was seen; returns the milliseconds between looks. */
    private double[] watch() {
        double[] gaps = new double[1 << 20];
        int looks = 0;
        int found = 0;
        String next = "SELECT count(*) FROM %s WHERE id >= ? AND id < ?".formatted(contender.movements());
        try (Connection connection = contender.target().connect();
                PreparedStatement look = connection.prepareStatement(next)) {
            long deadline = System.nanoTime()
                    + SEEN_WITHIN.toNanos()
                    + Duration.ofSeconds(commits / Latency.EVENTS_PER_SECOND).toNanos();
            long before = System.nanoTime();
            while (found < commits) {
                int more = look(look, found);
                long now = System.nanoTime();
                Arrays.fill(seen, found, found + more, now);
                found += more;
                gaps[looks++ % gaps.length] = (now - before) / 1e6;
                before = now;
                if (now - deadline > 0) {
                    throw new BenchFailed(
                            "only %d of %d commits became visible in the target".formatted(found, commits));
                }
                LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            }
        } catch (SQLException e) {
            throw new BenchFailed("cannot look at the target", e);
        }
        return Arrays.copyOf(gaps, Math.min(looks, gaps.length));
    }

    /** How many more rows are there; they become visible in the order of their commits. */
    private int look(PreparedStatement statement, int found) throws SQLException {
        statement.setLong(1, firstKey + found);
        statement.setLong(2, firstKey + commits);
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }
}
