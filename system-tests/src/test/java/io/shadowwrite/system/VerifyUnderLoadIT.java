package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.verdict.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Equal databases are reported equal while as much is written as the suite carries. */
@ExtendWith(HouseExtension.class)
class VerifyUnderLoadIT {

    /** As many as the default suite has time for; more with {@code -Dverify.ticks}. */
    private static final int TICKS = Integer.getInteger("verify.ticks", 6);

    /** Tells a hang from a slow machine, however many ticks there are. */
    private static final Duration ENOUGH = Duration.ofMinutes(10).plusSeconds(15L * TICKS);

    private final House house;

    VerifyUnderLoadIT(House house) {
        this.house = house;
    }

    @Test
    void ticksUnderFullTrafficFindNothing() {
        assertTimeoutPreemptively(ENOUGH, () -> {
            try (FullTraffic traffic = FullTraffic.on(house, 50)) {
                tick(traffic);
            }
        });
    }

    private void tick(FullTraffic traffic) {
        StepTimes steps = new StepTimes();
        Ticks ticks = Ticks.watched(house, steps);
        List<Duration> durations = new ArrayList<>();
        List<Duration> holds = new ArrayList<>();
        long started = System.nanoTime();
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
            ticks.store(tick);
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        House.measured("%d ticks in %.1f s under %,.0f changes/s: tick %s, hold %s; of a tick %s"
                .formatted(TICKS, seconds, traffic.changes() / seconds, spread(durations), spread(holds), steps));
    }

    private static String spread(List<Duration> values) {
        List<Duration> sorted = values.stream().sorted().toList();
        return "p50 %d ms, max %d ms"
                .formatted(
                        sorted.get(sorted.size() / 2).toMillis(),
                        sorted.getLast().toMillis());
    }
}
