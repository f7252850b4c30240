package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.Side;
import io.shadowwrite.system.traffic.Traffic;
import io.shadowwrite.system.traffic.TrafficReport;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.verdict.Verdict;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.replication.LogSequenceNumber;

/** Equal databases are reported equal while as much is written as the suite carries. */
@ExtendWith(HouseExtension.class)
class VerifyUnderLoadIT {

    /** As many as the default suite has time for; more with {@code -Dverify.ticks}. */
    private static final int TICKS = Integer.getInteger("verify.ticks", 12);

    /** Writers pause when the consumer is further behind: what outruns it for good is never at one LSN with it. */
    private static final long MOST_BYTES_BEHIND = 2L << 20;

    private final House house;
    private final AtomicBoolean enough = new AtomicBoolean();
    private final AtomicBoolean tooFar = new AtomicBoolean();

    VerifyUnderLoadIT(House house) {
        this.house = house;
    }

    @Test
    @Timeout(600)
    void ticksUnderFullTrafficFindNothing() {
        Traffic traffic = house.traffic(50);
        long before = traffic.changes();
        CompletableFuture<?> watching = CompletableFuture.runAsync(
                this::watch, task -> Thread.ofPlatform().name("watch").start(task));
        CompletableFuture<TrafficReport> writing = CompletableFuture.supplyAsync(
                () -> traffic.run(Long.MAX_VALUE, Double.POSITIVE_INFINITY, this::stopOrPause),
                task -> Thread.ofPlatform().name("traffic").start(task));
        List<Duration> durations = new ArrayList<>();
        List<Duration> holds = new ArrayList<>();
        long started = System.nanoTime();
        try {
            Ticks ticks = new Ticks(house);
            for (int i = 1; i <= TICKS; i++) {
                TickResult tick = ticks.run();

                assertThat(tick.findings())
                        .as("findings of tick %d; logs in %s", i, house.logs())
                        .isEmpty();
                assertThat(tick.verdict())
                        .as("tick %d: %s; logs in %s", i, tick.reason(), house.logs())
                        .isEqualTo(Verdict.CLEAN);
                durations.add(Duration.between(tick.startedAt(), tick.finishedAt()));
                holds.add(ticks.held());
            }
        } finally {
            enough.set(true);
            writing.join();
            watching.join();
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        House.measured("%d ticks in %.1f s under %,.0f changes/s: tick %s, hold %s"
                .formatted(TICKS, seconds, (traffic.changes() - before) / seconds, spread(durations), spread(holds)));
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

    private static String spread(List<Duration> values) {
        List<Duration> sorted = values.stream().sorted().toList();
        return "p50 %d ms, max %d ms"
                .formatted(
                        sorted.get(sorted.size() / 2).toMillis(),
                        sorted.getLast().toMillis());
    }
}
