package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.system.suite.Chaos;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.Suite;
import io.shadowwrite.system.traffic.Traffic;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.verdict.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whatever dies, and whenever: nothing is lost, nothing is applied twice, and both databases end up equal. */
@ExtendWith(HouseExtension.class)
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KillIT {

    private static final int KILLS = 5;
    private static final double CHANGES_PER_SECOND = 600;
    private static final Duration KILLED_WITHIN = Duration.ofSeconds(90);
    private static final Duration SOURCE_STOPS_WITHIN = Duration.ofSeconds(10);

    private final House house;
    private final Suite suite;
    private final Database target;

    KillIT(House house) {
        this.house = house;
        this.suite = house.suite();
        this.target = house.target();
    }

    @Test
    @Order(1)
    void programsMayDieAtAnyMoment() {
        // A failed run is repeated with -Dchaos.seed.
        long seed = Long.getLong("chaos.seed", System.nanoTime());
        House.measured("chaos.seed=%d".formatted(seed));
        Traffic traffic = house.traffic(seed);
        Map<Program, Integer> kills;
        long started;
        try (Writing writing = new Writing(traffic)) {
            kills = killSome(seed);
            assertThat(writing.failure()).isNull();
        }
        started = System.nanoTime();
        suite.awaitApi();
        house.drain();

        House.measured("killed -9 %s during %,d changes; drained %.1f s after the last start"
                .formatted(kills, traffic.changes(), (System.nanoTime() - started) / 1e9));
        assertThat(kills).hasSize(3);
        long changes = house.oracle().agreesWithBothReaders();
        House.measured("%,d changes in all, by the triggers of the source: 0 lost, 0 doubled".formatted(changes));
        assertNothingIsBroken("seed " + seed);
    }

    private Map<Program, Integer> killSome(long seed) {
        Chaos chaos = Chaos.start(suite, seed);
        try (chaos) {
            Await.until(KILLS + " kills", KILLED_WITHIN, () -> total(chaos) >= KILLS);
        }
        return chaos.kills();
    }

    private static int total(Chaos chaos) {
        return chaos.kills().values().stream().mapToInt(Integer::intValue).sum();
    }

    @Test
    @Order(2)
    void aHoldOutlivesTheConsumerButNotItsLease() {
        house.api().halt(new HaltRequest("a-verifier-that-dies", Hold.Kind.VERIFIER, null, 8));
        house.source().execute("""
                INSERT INTO partners.tag (slug, label) VALUES ('behind-the-hold', 'behind the hold')
                """);
        suite.kill(Program.CONSUMER);
        suite.start(Program.CONSUMER);

        Await.until("the lease ends", Duration.ofSeconds(20), () -> {
            boolean arrived = arrived("behind-the-hold");
            boolean held = house.api().controlState().hold() != null;
            assertThat(arrived && held).as("applied although it is held").isFalse();
            return !held;
        });
        house.drain();

        assertThat(arrived("behind-the-hold")).isTrue();
        house.oracle().agreesWithBothReaders();
    }

    private boolean arrived(String slug) {
        return target.queryForLong("SELECT count(*) FROM unified.tag WHERE slug = ?", slug) == 1;
    }

    @Test
    @Order(3)
    void theSourceStopsFastAndEverybodyComesBack() {
        Traffic traffic = house.traffic(9);
        traffic.run(1_000, Double.POSITIVE_INFINITY, () -> false);

        long started = System.nanoTime();
        house.sourceServer().stopFast(SOURCE_STOPS_WITHIN);
        House.measured(
                "source stopped in %.1f s with both readers attached".formatted((System.nanoTime() - started) / 1e9));
        house.sourceServer().restart();
        traffic.run(1_000, Double.POSITIVE_INFINITY, () -> false);
        house.drain();

        house.oracle().agreesWithBothReaders();
    }

    @Test
    @Order(4)
    void aCrashOfTheSourceRepeatsNothingThatCanBeSeen() {
        Traffic traffic = house.traffic(10);
        try (Writing writing = new Writing(traffic)) {
            Await.until("some traffic", Duration.ofSeconds(20), () -> traffic.changes() > 1_000);
            house.sourceServer().crash();
            Await.until("the traffic notices", Duration.ofSeconds(20), () -> writing.failure() != null);
        }
        house.sourceServer().restart();
        house.oracle().beginAgain();
        long started = System.nanoTime();
        house.traffic(11).run(1_000, Double.POSITIVE_INFINITY, () -> false);
        house.drain();
        House.measured("streaming again and drained %.1f s after a crash of the source"
                .formatted((System.nanoTime() - started) / 1e9));

        house.oracle().agreesWithBothReaders();
        assertNothingIsBroken("after a crash of the source");
    }

    private void assertNothingIsBroken(String when) {
        assertThat(target.queryForLong("""
                        SELECT count(*)
                          FROM (SELECT * FROM shadow.event_ledger WHERE side = 1) AS c
                          FULL JOIN (SELECT * FROM shadow.event_ledger WHERE side = 2) AS v USING (commit_lsn, change_index)
                         WHERE (c.digest0, c.digest1) IS DISTINCT FROM (v.digest0, v.digest1)
                        """))
                .as("receipts of one side only; %s; logs in %s", when, house.logs())
                .isZero();
        assertThat(target.queryForLong("""
                        SELECT count(*)
                          FROM provenance.transaction AS p
                         WHERE NOT EXISTS (
                               SELECT FROM shadow.event_ledger AS l
                                WHERE l.side = 1 AND l.commit_lsn = p.commit_lsn AND l.change_index = p.change_index)
                        """))
                .as("writes without a receipt; %s", when)
                .isZero();
        History.isSound(target);
        TickResult tick = new Ticks(house).run();
        assertThat(tick.findings())
                .as("findings; %s; logs in %s", when, house.logs())
                .isEmpty();
        assertThat(tick.verdict()).as(tick.reason()).isEqualTo(Verdict.CLEAN);
    }

    /** Traffic in the background until closed. */
    private static final class Writing implements AutoCloseable {

        private final AtomicBoolean enough = new AtomicBoolean();
        private final CompletableFuture<?> running;

        Writing(Traffic traffic) {
            running = CompletableFuture.supplyAsync(
                    () -> traffic.run(Long.MAX_VALUE, CHANGES_PER_SECOND, enough::get),
                    task -> Thread.ofPlatform().name("traffic").start(task));
        }

        /** Why it ended by itself, if it did. */
        @Nullable Throwable failure() {
            return running.isCompletedExceptionally() ? running.exceptionNow() : null;
        }

        @Override
        public void close() {
            enough.set(true);
            try {
                running.join();
            } catch (CompletionException e) {
                // Whoever breaks the source breaks the traffic too; who does not asks for the failure.
                assertThat(e).hasCauseInstanceOf(IllegalStateException.class);
            }
        }
    }
}
