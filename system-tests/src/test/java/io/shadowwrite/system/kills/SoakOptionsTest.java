package io.shadowwrite.system.kills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SoakOptionsTest {

    @Test
    void readsMinutesAndSeed() {
        assertThat(SoakOptions.parse("--seed", "7", "--minutes", "45"))
                .isEqualTo(new SoakOptions(Duration.ofMinutes(45), 7));
    }

    @Test
    void lastsHalfAnHourUnlessToldOtherwise() {
        assertThat(SoakOptions.parse().time()).isEqualTo(Duration.ofMinutes(30));
    }

    @ParameterizedTest
    @CsvSource({
        "--minutes 0,--minutes is 1 to 10080",
        "--minutes,--minutes needs a value",
        "--seed x,--seed needs a number",
        "--kills 3,there is no option --kills"
    })
    void saysWhatIsWrong(String typed, String problem) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SoakOptions.parse(typed.split(" ", -1)))
                .withMessageContaining(problem);
    }
}
