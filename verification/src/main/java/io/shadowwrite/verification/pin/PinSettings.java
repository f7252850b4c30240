package io.shadowwrite.verification.pin;

import java.time.Duration;

/**
 * Bounds of a pin.
 *
 * @param readers connections per side that share the snapshot
 * @param lease how long a hold outlives a dead verifier
 * @param barrierTimeout how long the readers may take to arrive at the pinned LSN
 * @param longTransactionLimit an older open source transaction refuses the barrier, because slot creation would wait for it
 * @param slotWait how long slot creation may wait for younger ones
 * @param statementTimeout bound on any single query of the tick
 */
public record PinSettings(
        int readers,
        Duration lease,
        Duration barrierTimeout,
        Duration longTransactionLimit,
        Duration slotWait,
        Duration statementTimeout) {

    public PinSettings {
        if (readers < 1) {
            throw new IllegalArgumentException("a pin needs at least one reader per side");
        }
    }

    /** After which the consumer is not held any more, whatever hangs, but for the lease that still runs. */
    Duration longestHold() {
        return slotWait.multipliedBy(2).plus(barrierTimeout);
    }

    /** The same bounds with another number of connections. */
    PinSettings withReaders(int number) {
        return new PinSettings(number, lease, barrierTimeout, longTransactionLimit, slotWait, statementTimeout);
    }
}
