package io.shadowwrite.system.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.shadowwrite.system.bench.report.Entrant;
import io.shadowwrite.system.bench.report.Load;
import org.junit.jupiter.api.Test;

class OptionsTest {

    @Test
    void measuresEverythingButDebeziumByDefault() {
        Options options = Options.parse();

        assertThat(options.entrants())
                .containsExactlyInAnyOrder(
                        Entrant.OURS, Entrant.OURS_BESIDE_READER, Entrant.NATIVE_OFF, Entrant.NATIVE_ON);
        assertThat(options.loads()).containsExactlyInAnyOrder(Load.A, Load.B, Load.C);
        assertThat(options.latency()).isTrue();
        assertThat(options.rounds()).isEqualTo(3);
    }

    @Test
    void narrowsDownToOneRow() {
        Options options =
                Options.parse("--only", "ours,native-off", "--workload", "A", "--events", "2000", "--debezium");

        assertThat(options.entrants()).containsExactlyInAnyOrder(Entrant.OURS, Entrant.NATIVE_OFF, Entrant.DEBEZIUM);
        assertThat(options.loads()).containsExactly(Load.A);
        assertThat(options.latency()).isFalse();
        assertThat(options.events()).isEqualTo(2000);
    }

    @Test
    void scalesOursAlone() {
        Options options = Options.parse("--scale", "--rows", "1000");

        assertThat(options.entrants()).containsExactly(Entrant.OURS);
        assertThat(options.loads()).containsExactlyInAnyOrder(Load.BASE, Load.TENFOLD, Load.FILLED);
        assertThat(options.rows()).isEqualTo(1000);
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--fast"))
                .withMessageContaining("--fast");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--only", "us"))
                .withMessageContaining("native-off");
        assertThatIllegalArgumentException().isThrownBy(() -> Options.parse("--workload", "D"));
        assertThatIllegalArgumentException().isThrownBy(() -> Options.parse("--events"));
        assertThatIllegalArgumentException().isThrownBy(() -> Options.parse("--events", "many"));
        assertThatIllegalArgumentException().isThrownBy(() -> Options.parse("--rounds", "0"));
    }
}
