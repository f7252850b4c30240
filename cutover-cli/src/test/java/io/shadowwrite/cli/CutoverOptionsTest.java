package io.shadowwrite.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** A time that nobody can wait for is refused before anything is fenced. */
class CutoverOptionsTest {

    private static final List<BiConsumer<CutoverOptions, Duration>> TIMES = List.of(
            (options, time) -> options.quiet = time,
            (options, time) -> options.writersEnd = time,
            (options, time) -> options.drained = time,
            (options, time) -> options.compared = time,
            (options, time) -> options.lease = time,
            (options, time) -> options.permit = time);

    private static CutoverOptions with(BiConsumer<CutoverOptions, Duration> time, Duration value) {
        CutoverOptions options = new CutoverOptions();
        time.accept(options, value);
        return options;
    }

    @Test
    void takesWhatIsThereWithoutAWord() {
        assertThat(new CutoverOptions().settings("ada", "why").permit()).isEqualTo(Duration.ofMinutes(30));
    }

    @Test
    void refusesTimesThatAreTooLong() {
        for (BiConsumer<CutoverOptions, Duration> time : TIMES) {
            CutoverOptions options = with(time, Duration.ofHours(999_999_999));
            assertThatThrownBy(() -> options.settings("ada", "why")).isInstanceOf(CommandFailed.class);
        }
    }

    @Test
    void refusesToWaitForNoTimeWhereThatProvesNothing() {
        for (BiConsumer<CutoverOptions, Duration> time : List.of(TIMES.getFirst(), TIMES.get(4), TIMES.get(5))) {
            CutoverOptions options = with(time, Duration.ZERO);
            assertThatThrownBy(() -> options.settings("ada", "why")).isInstanceOf(CommandFailed.class);
        }
    }
}
