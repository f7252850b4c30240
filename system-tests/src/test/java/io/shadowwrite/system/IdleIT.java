package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A database in which nobody writes, on a server where others do: its two slots must neither keep the WAL of the neighbours
 * nor keep the server from stopping. {@code -Didle.seconds=600} for ten minutes of it.
 */
@ExtendWith(HouseExtension.class)
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class IdleIT {

    private static final Duration IDLE = Duration.ofSeconds(Long.getLong("idle.seconds", 6));
    private static final Duration BEHIND_AT_MOST = Duration.ofSeconds(30);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(10);

    private static final String NOISE = "INSERT INTO noise SELECT repeat('x', 1000) FROM generate_series(1, 500)";

    private final House house;
    private final Database source;

    IdleIT(House house) {
        this.house = house;
        this.source = house.source();
    }

    @Test
    void bothSlotsFollowANoisyNeighbourAndLetTheServerStop() throws InterruptedException {
        house.drain();
        Database neighbour = house.sourceServer().createDatabase("neighbour");
        neighbour.execute("CREATE TABLE noise (v text)");

        long end = System.nanoTime() + IDLE.toNanos();
        int rounds = 0;
        while (System.nanoTime() < end) {
            neighbour.execute(NOISE);
            rounds++;
            awaitConfirmedByBoth(walOfTheServer());
            TimeUnit.SECONDS.sleep(1); // The pace of the neighbour; nothing is expected to have happened after it.
        }
        assertThat(rounds).isPositive();
        // Not confirmed yet when the server is asked to stop.
        neighbour.execute(NOISE);
        long started = System.nanoTime();
        house.sourceServer().stopFast(STOPS_WITHIN);
        House.measured("idle for %d s beside a neighbour that wrote %d MB; then the source stopped in %.1f s"
                .formatted(IDLE.toSeconds(), rounds / 2, (System.nanoTime() - started) / 1e9));

        house.sourceServer().restart();
        house.source().execute("INSERT INTO partners.tag (slug, label) VALUES ('after-idling', 'after idling')");
        house.drain();
        house.oracle().agreesWithBothReaders();
    }

    private String walOfTheServer() {
        return String.valueOf(source.queryForString("SELECT pg_current_wal_lsn()::text"));
    }

    private void awaitConfirmedByBoth(String position) {
        Await.until("both slots confirm " + position, BEHIND_AT_MOST, () -> source.queryForLong("""
                        SELECT count(*) FROM pg_replication_slots
                         WHERE database = current_database() AND active AND confirmed_flush_lsn >= ?::text::pg_lsn
                        """, position) == 2);
    }
}
