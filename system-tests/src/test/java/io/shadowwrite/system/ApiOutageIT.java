package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.traffic.Traffic;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.verdict.Verdict;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Something that stands where shadow-api was refuses everything for ten minutes while writers go on. */
class ApiOutageIT {

    private static final Duration OUTAGE = Duration.ofMinutes(Long.getLong("outage.minutes", 10));
    private static final Duration WRITERS_END_WITHIN = Duration.ofMinutes(2);
    private static final double CHANGES_PER_SECOND = 50;

    /** Of both readers, for the whole outage: they ask again every five seconds, whatever else they would ask. */
    private static final int MOST_REQUESTS_PER_MINUTE = 120;

    @Test
    @Timeout(1_500)
    void costsNeitherASlotNorAnEventAndIsNotHammered() throws Exception {
        try (House house = House.streaming("api-outage")) {
            house.traffic(95).run(500, Double.POSITIVE_INFINITY, () -> false);
            house.drain();
            AtomicBoolean over = new AtomicBoolean();
            house.suite().stop(Program.API);
            String stored = furthest(house);
            Traffic traffic = house.traffic(96);
            RefusingApi refusing = RefusingApi.of(house);
            CompletableFuture<Void> writers =
                    CompletableFuture.runAsync(() -> traffic.run(Long.MAX_VALUE, CHANGES_PER_SECOND, over::get));
            try {
                watch(house, stored);
            } finally {
                over.set(true);
                refusing.close();
                writers.get(WRITERS_END_WITHIN.toSeconds(), TimeUnit.SECONDS);
            }

            assertThat(refusing.asked()).isBetween(1L, OUTAGE.toMinutes() * MOST_REQUESTS_PER_MINUTE);
            house.suite().start(Program.API);
            house.suite().awaitApi();
            house.drain();
            House.measured("%d changes waited for an API that refused %d requests in %d minutes"
                    .formatted(traffic.changes(), refusing.asked(), OUTAGE.toMinutes()));
            house.oracle().agreesWithBothReaders();
            History.isSound(house.target());
            TickResult tick = new Ticks(house).run();
            assertThat(tick.findings()).as(tick.reason()).isEmpty();
            assertThat(tick.verdict()).as(tick.reason()).isEqualTo(Verdict.CLEAN);
        }
    }

    /** Once a second, to the end of the outage. */
    private static void watch(House house, String stored) {
        long end = System.nanoTime() + OUTAGE.toNanos();
        Await.until("the outage is over", OUTAGE.plusMinutes(1), () -> {
            assertThat(house.suite().runs(Program.CONSUMER)).isTrue();
            assertThat(house.suite().runs(Program.SLOT_READER)).isTrue();
            assertThat(house.source().queryForList("""
                            SELECT slot_name || ' is ' || wal_status || ', read: ' || active || ', at ' || confirmed_flush_lsn
                              FROM pg_replication_slots
                             WHERE NOT active OR wal_status = 'lost' OR confirmed_flush_lsn > ?::pg_lsn
                            """, stored)).isEmpty();
            house.source().queryForString("SELECT pg_sleep(1)::text");
            return System.nanoTime() - end >= 0;
        });
    }

    /** What the further reader has stored. */
    private static String furthest(House house) {
        return Objects.requireNonNull(
                house.target().queryForString("SELECT max(position)::text FROM shadow.reader_position"));
    }
}
