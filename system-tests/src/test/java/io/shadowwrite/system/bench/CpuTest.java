package io.shadowwrite.system.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CpuTest {

    @Test
    void countsAProcessThatAppearedInFull() {
        Cpu before = new Cpu(Map.of(1L, spent("consumer", 1000)), Map.of("source other", 0L));
        Cpu after =
                new Cpu(Map.of(1L, spent("consumer", 1250), 2L, spent("walsender", 300)), Map.of("source other", 0L));

        assertThat(after.since(before))
                .containsEntry("consumer", 2.5)
                .containsEntry("walsender", 3.0)
                .containsEntry("source other", 0.0);
    }

    @Test
    void countsOfAProcessThatEndedWhatItSpentSinceThen() {
        Cpu before = new Cpu(Map.of(7L, spent("target", 400)), Map.of("target other", 100L));
        Cpu after = new Cpu(Map.of(), Map.of("target other", 600L));

        assertThat(after.since(before)).containsEntry("target other", 1.0);
    }

    @Test
    void readsThisProcess() {
        long self = ProcessHandle.current().pid();

        Cpu cpu = Cpu.now(Map.of("self", self), List.of());

        assertThat(cpu.spent().values())
                .singleElement()
                .satisfies(spent -> assertThat(spent.ticks()).isPositive());
    }

    private static Cpu.Spent spent(String name, long ticks) {
        String side = name.equals("walsender") ? "source other" : "target other";
        return new Cpu.Spent(name, side, ticks);
    }
}
