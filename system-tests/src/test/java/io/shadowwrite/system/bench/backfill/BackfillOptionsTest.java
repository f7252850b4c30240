package io.shadowwrite.system.bench.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BackfillOptionsTest {

    @Test
    void readsWhatWasAskedFor() {
        BackfillOptions options = BackfillOptions.parse("--rows", "5000", "--readers", "3", "--changes", "7");

        assertThat(options.rows()).isEqualTo(5_000);
        assertThat(options.readers()).isEqualTo(3);
        assertThat(options.changesPerSecond()).isEqualTo(7);
        assertThat(options.json()).isNull();
        assertThat(BackfillOptions.parse().readers()).isNull();
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BackfillOptions.parse("--fast"))
                .withMessageContaining("--fast");
        assertThatIllegalArgumentException().isThrownBy(() -> BackfillOptions.parse("--rows", "1"));
        assertThatIllegalArgumentException().isThrownBy(() -> BackfillOptions.parse("--readers", "many"));
    }

    @Test
    void judgesByTheRatioOfTheRates() {
        BackfillReport slow = new BackfillReport("a machine", 1_000, 1_000, 10, 1.9, 12, Map.of("target", 3.0));
        BackfillReport fine = new BackfillReport("a machine", 1_000, 1_000, 10, 4.1, 12, Map.of());

        assertThat(slow.passes()).isFalse();
        assertThat(slow.text()).contains("0.19   must 0.2: missed", "target 3.0");
        assertThat(fine.passes()).isTrue();
        assertThat(fine.tree()).containsEntry("goal_reached", true);
    }
}
