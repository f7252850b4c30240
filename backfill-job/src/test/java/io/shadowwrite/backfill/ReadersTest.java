package io.shadowwrite.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

class ReadersTest {

    @ParameterizedTest
    @CsvSource({"1, 4", "2, 4", "3, 6", "4, 8", "64, 8"})
    void followTheProcessorsOfTheLoader(int processors, int readers) {
        assertThat(load(null).readersAtATime(processors)).isEqualTo(readers);
    }

    @Test
    void areAsManyAsWereAskedFor() {
        assertThat(load(1).readersAtATime(64)).isEqualTo(1);
        assertThat(load(32).readersAtATime(2)).isEqualTo(32);
    }

    private static BackfillProperties.Backfill load(@Nullable Integer readers) {
        Duration any = Duration.ofSeconds(1);
        return new BackfillProperties.Backfill(readers, 1, 1, any, any, DataSize.ofGigabytes(1), any, List.of(), any);
    }
}
