package io.shadowwrite.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.replication.LogSequenceNumber;

class LsnTest {

    @Test
    void readsBothHalvesInEitherCase() {
        assertThat(Lsn.parse("16/B374d848")).isEqualTo(LogSequenceNumber.valueOf("16/B374D848"));
        assertThat(Lsn.parse("FFFFFFFF/FFFFFFFF").asLong()).isEqualTo(-1);
        assertThat(Lsn.parse("0/1").asLong()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "1/",
                "/1",
                "16B374D8",
                "1/2/3",
                "+1/2",
                "1/-2",
                "123456789/0",
                "0/123456789",
                "g/0",
                "0/0"
            })
    void refusesEverythingElse(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Lsn.parse(text));
    }
}
