package io.shadowwrite.backfill.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoadProgressTest {

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private long now;
    private final LoadProgress progress =
            new LoadProgress(new PrintStream(err, true, StandardCharsets.UTF_8), () -> now);

    private void after(long seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void tellsRowsBytesRateAndTimeLeftEveryNowAndThen() {
        after(1);
        progress.step("load", "about 5000 rows");
        progress.begin(5_000);
        progress.read(500, 1_000_000);
        after(2);
        progress.read(500, 1_000_000);
        after(1);
        progress.read(1, 1);

        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "step load 1.0s about 5000 rows", "rows load 1000 of about 5000, 2 MB, 500/s, about 8 s left");
    }

    @Test
    void saysNothingOfTimeLeftOnceTheEstimateIsPassed() {
        progress.begin(10);
        after(2);
        progress.read(20, 0);

        assertThat(err.toString(StandardCharsets.UTF_8)).contains("rows load 20 of about 10, 0 MB, 10/s\n");
    }
}
