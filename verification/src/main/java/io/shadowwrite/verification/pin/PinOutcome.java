package io.shadowwrite.verification.pin;

import java.time.Instant;

/** What came of pinning. */
public sealed interface PinOutcome {

    /** Both sides are pinned; whoever gets this closes the sides. */
    record Pinned(PinnedSides sides) implements PinOutcome {}

    /**
     * No pin was possible in time; the tick is inconclusive.
     *
     * @param hour the full UTC hour of the source's clock
     * @param passes whether what stands against it may be over by itself soon
     */
    record Impossible(String reason, Instant hour, boolean passes) implements PinOutcome {}

    /**
     * The source is not what the contract describes, or loses changes, so that no pin of it would prove anything; the tick is
     * inconclusive.
     *
     * @param hour the full UTC hour of the source's clock
     * @param passes whether it only could not be looked at now
     */
    record Unfit(String reason, Instant hour, boolean passes) implements PinOutcome {}
}
