package io.shadowwrite.system.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final Machine MACHINE = new Machine(2, 23, "15.18", "25", 0.13);

    @Test
    void passesWhenEveryMustThatWasMeasuredIsReached() {
        Report report = report(measurement(Entrant.OURS, Load.A, 50), measurement(Entrant.NATIVE_OFF, Load.A, 100));

        assertThat(report.passes()).isTrue();
        assertThat(report.text())
                .containsPattern("catch-up / subscription, synchronous_commit off .A. +0[.]50 .* must\n");
    }

    @Test
    void failsWhenOneMustIsMissed() {
        Report report = report(measurement(Entrant.OURS, Load.A, 49), measurement(Entrant.NATIVE_OFF, Load.A, 100));

        assertThat(report.passes()).isFalse();
        assertThat(report.text()).containsPattern("synchronous_commit off .A. +0[.]49 .* NO\n");
    }

    @Test
    void comparesMedians() {
        Report report = report(
                measurement(Entrant.OURS, Load.A, 80),
                measurement(Entrant.OURS, Load.A, 1),
                measurement(Entrant.OURS, Load.A, 90),
                measurement(Entrant.NATIVE_OFF, Load.A, 100));

        assertThat(report.text()).containsPattern("synchronous_commit off .A. +0[.]80 .* goal\n");
    }

    @Test
    void saysNothingOfAGoalWhoseRowsDidNotRun() {
        Report report = report(measurement(Entrant.OURS, Load.A, 1));

        assertThat(report.text()).doesNotContain("synchronous_commit off").doesNotContain("Debezium");
        assertThat(report.tree().toString()).contains("target WAL").doesNotContain("bulk");
    }

    @Test
    void aTenfoldBacklogMayTakeATenthLongerPerEventAndAHalfMoreIsTooMuch() {
        assertThat(report(measurement(Entrant.OURS, Load.BASE, 110), measurement(Entrant.OURS, Load.TENFOLD, 100))
                        .passes())
                .isTrue();
        assertThat(report(measurement(Entrant.OURS, Load.BASE, 150), measurement(Entrant.OURS, Load.TENFOLD, 100))
                        .passes())
                .isFalse();
    }

    @Test
    void judgesLatencyOfOursOnly() {
        Latency slow = Latency.of(Entrant.NATIVE_OFF, new double[] {100}, new double[] {0.1});
        Latency fast = Latency.of(Entrant.OURS, new double[] {1, 2, 30}, new double[] {0.1});

        Report report = new Report(MACHINE, new Results(List.of(), List.of(slow, fast)));

        assertThat(report.passes()).isTrue();
        assertThat(report.text())
                .containsPattern("p50 ms +2[.]00 .* goal\n")
                .containsPattern("p99 ms +30[.]00 .* must\n");
    }

    @Test
    void costsAreInSecondsPerMillionEvents() {
        Measurement one = new Measurement(
                Entrant.OURS, Load.A, 500_000, 10, Map.of("consumer", 3.0, "walsender", 1.0), 50_000_000, 5_000_000);

        assertThat(one.rate()).isEqualTo(50_000);
        assertThat(one.cpu("consumer")).isEqualTo(6);
        assertThat(one.cpu("api")).isZero();
        assertThat(one.cpu()).isEqualTo(8);
        assertThat(one.walPerEvent()).isEqualTo(100);
        assertThat(one.tablePerEvent()).isEqualTo(10);
    }

    private static Report report(Measurement... measurements) {
        return new Report(MACHINE, new Results(new ArrayList<>(List.of(measurements)), List.of()));
    }

    /** At that many events a second. */
    private static Measurement measurement(Entrant entrant, Load load, double rate) {
        return new Measurement(entrant, load, 1_000_000, 1_000_000 / rate, Map.of("target", 10.0), 1, 1);
    }
}
