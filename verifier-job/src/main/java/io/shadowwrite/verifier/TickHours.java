package io.shadowwrite.verifier;

import io.shadowwrite.protocol.TickClock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which hour a run stands for.
 *
 * @param simulated the full UTC hour that somebody made up for a demonstration; null for the source's own
 */
record TickHours(@Nullable Instant simulated) {

    TickClock clock() {
        return simulated == null ? TickClock.SOURCE : TickClock.SIMULATED;
    }

    /** The hour that counts when the source's clock shows this one. */
    Instant of(Instant source) {
        return simulated == null ? source : simulated;
    }
}
