package io.shadowwrite.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ForwardClockTest {

    @Test
    void tellsWhatHasPassedAlsoWhereTheCountOfNanosecondsBeginsAnew() {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);
        ForwardClock clock = new ForwardClock(nanos::get);
        Instant before = clock.instant();

        nanos.addAndGet(Duration.ofSeconds(3).toNanos());

        assertThat(Duration.between(before, clock.instant())).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void goesOnByItself() throws InterruptedException {
        ForwardClock clock = new ForwardClock();
        Instant before = clock.instant();

        Thread.sleep(Duration.ofMillis(2));

        assertThat(clock.instant()).isAfter(before);
    }
}
