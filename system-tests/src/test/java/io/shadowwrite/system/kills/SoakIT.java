package io.shadowwrite.system.kills;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.ExitCode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code ./shadow soak} does, for a minute; longer with {@code -Dsoak.minutes=30 -Dsoak.seed=7}. */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class SoakIT {

    private static final Duration TIME = Duration.ofMinutes(Long.getLong("soak.minutes", 1));
    private static final long SEED = Long.getLong("soak.seed", System.nanoTime());

    @Test
    void losesNothingWhateverIsKilledOrCut() {
        assertThat(Soak.run(new SoakOptions(TIME, SEED))).isEqualTo(ExitCode.DONE);
    }
}
