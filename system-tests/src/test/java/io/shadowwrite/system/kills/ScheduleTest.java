package io.shadowwrite.system.kills;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    @Test
    void isTheSameForTheSameSeedAndAnotherForAnother() {
        assertThat(Schedule.of(7, 200)).isEqualTo(Schedule.of(7, 200)).isNotEqualTo(Schedule.of(8, 200));
    }

    @Test
    void comesToTheNumberOfKillsThatWasAskedFor() {
        assertThat(LongStream.range(0, 200)
                        .mapToObj(seed -> Schedule.of(seed, 6).kills()))
                .containsOnly(6);
        assertThat(Schedule.of(7, 200).kills()).isEqualTo(200);
    }

    @Test
    void leavesNoVictimOutWhenThereAreFiveKillsOrMore() {
        assertThat(LongStream.range(0, 500).mapToObj(seed -> victims(Schedule.of(seed, 5))))
                .allSatisfy(victims -> assertThat(victims).containsExactlyInAnyOrder(Victim.values()));
    }

    @Test
    void killsTwoAtOnceAndAgainDuringRecoveryAndAfterIt() {
        List<Strike> strikes = Schedule.of(7, 200).strikes();

        assertThat(strikes).anyMatch(strike -> strike.victims().size() == 2);
        assertThat(strikes).anyMatch(strike -> strike.again() != null);
        assertThat(strikes).anyMatch(Strike::recovered).anyMatch(strike -> !strike.recovered());
    }

    @Test
    void goesOnAsLongAsThereIsTimeWithTheBlowsOfTheSeed() {
        Iterator<Strike> endless =
                Schedule.until(System.nanoTime() + Duration.ofHours(1).toNanos(), 7);

        assertThat(Stream.generate(endless::next).limit(50))
                .containsExactlyElementsOf(Schedule.of(7, 1_000).strikes().subList(0, 50));
        assertThat(endless).hasNext();
        assertThat(Schedule.until(System.nanoTime(), 7)).isExhausted();
    }

    private static List<Victim> victims(Schedule schedule) {
        return schedule.strikes().stream()
                .flatMap(strike -> strike.victims().stream())
                .toList();
    }
}
