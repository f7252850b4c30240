package io.shadowwrite.verification.pin;

import java.time.Instant;

/** What came of pinning. */
public sealed interface PinOutcome {

    /** Both sides stand at one LSN; whoever gets this closes the sides. */
    record Pinned(PinnedSides sides) implements PinOutcome {}

    /**
     * No pin was possible in time; the tick is inconclusive.
     *
     * @param hour the full UTC hour of the source's clock
     */
    record Impossible(String reason, Instant hour) implements PinOutcome {}
}
