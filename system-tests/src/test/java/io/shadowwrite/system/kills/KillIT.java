package io.shadowwrite.system.kills;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.system.History;
import io.shadowwrite.system.House;
import io.shadowwrite.system.HouseExtension;
import io.shadowwrite.system.Ticks;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.Suite;
import io.shadowwrite.system.traffic.Traffic;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.verdict.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Whatever dies, and whenever: nothing is lost, nothing is applied twice, and both databases end up equal. With
 * {@code -Dkills=200 -Dkills.seed=N} it is the long form of the same.
 */
@ExtendWith(HouseExtension.class)
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KillIT {

    private static final int KILLS = Integer.getInteger("kills", 6);
    private static final long SEED = Long.getLong("kills.seed", System.nanoTime());
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
    @Timeout(3_600)
    void programsAndDatabasesMayDieAtAnyMoment() {
        House.measured("kills.seed=%d, %d kills; again: -Dkills=%2$d -Dkills.seed=%1$d".formatted(SEED, KILLS));

        Score score = new KillRun(
                        house, SEED, Schedule.of(SEED, KILLS).strikes().iterator(), Cuts.NONE, House::measured)
                .run();

        House.measured(score.toString());
        assertThat(score.examples()).as("%s; logs in %s", score, house.logs()).isEmpty();
        assertThat(List.of(score.lost(), score.duplicated(), score.misordered()))
                .as(score.toString())
                .containsOnly(0L);
        assertThat(List.of(score.events(), score.versions(), (long) score.comparisons()))
                .as("what was compared")
                .allMatch(count -> count > 0);
        assertThat(score.kills().keySet()).containsExactlyInAnyOrder(Victim.values());
        assertNothingIsBroken("kills.seed=" + SEED);
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
}
