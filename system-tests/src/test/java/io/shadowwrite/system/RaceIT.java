package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.pin.PinKind;
import io.shadowwrite.verification.verdict.Finding;
import io.shadowwrite.verification.verdict.FindingClass;
import io.shadowwrite.verification.verdict.Verdict;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Under one write load: what a naive pin reports of equal databases, and what the two pins report. */
@ExtendWith(HouseExtension.class)
class RaceIT {

    /** A naive tick is wrong often enough for a few; the bound is for a machine on which commits are rare. */
    private static final int MOST_NAIVE_TICKS = 200;

    private static final int TICKS = Integer.getInteger("race.ticks", 5);

    private final House house;

    RaceIT(House house) {
        this.house = house;
    }

    @Test
    @Timeout(900)
    void aNaivePinIsWrongAndNeitherOfTheOthersIs() throws SQLException {
        // A commit shows only when it is on disk, as in production; that is most of the time in which it can be missed.
        house.source().execute("ALTER SYSTEM SET fsync = on", "SELECT pg_reload_conf()");
        try (FullTraffic traffic = FullTraffic.on(house, 51)) {
            int naive = untilWrong();
            assertTicksFindNothing(new Ticks(house), PinKind.BARRIER);
            assertTicksFindNothing(Ticks.withoutHold(house), PinKind.RACE_WINDOW);
            House.measured("naive pin wrong in tick %d; %d ticks of each other pin right, %,d changes"
                    .formatted(naive, TICKS, traffic.changes()));
        } finally {
            house.source().execute("ALTER SYSTEM RESET fsync", "SELECT pg_reload_conf()");
        }
        house.drain();
    }

    private int untilWrong() throws SQLException {
        NaiveTicks naive = new NaiveTicks(house);
        for (int i = 1; i <= MOST_NAIVE_TICKS; i++) {
            if (!naive.run().isEmpty()) {
                return i;
            }
        }
        throw new AssertionError("%d naive ticks found nothing: is the load too small?".formatted(MOST_NAIVE_TICKS));
    }

    private void assertTicksFindNothing(Ticks ticks, PinKind kind) {
        for (int i = 1; i <= TICKS; i++) {
            TickResult tick = ticks.run();

            assertThat(tick.pinKind()).as(tick.reason()).isEqualTo(kind);
            assertThat(tick.verdict())
                    .as("tick %d: %s; %s; logs in %s", i, tick.reason(), tick.findings(), house.logs())
                    .isEqualTo(Verdict.CLEAN);
            // A row that is written again and again may be in every window; nothing else may be left.
            assertThat(tick.findings())
                    .extracting(Finding::findingClass)
                    .isSubsetOf(List.of(FindingClass.VERIFIER_RACE_WINDOW));
        }
    }
}
