package io.shadowwrite.verification.pin;

import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The barrier where it is possible, otherwise another pin, which remembers why. A source that cannot be believed is pinned
 * by neither.
 *
 * @param barrier tried first, with all the patience there is
 * @param instead tried once after it
 */
public record FallbackPin(Pin barrier, Pin instead) implements Pin {

    private static final Logger LOG = LoggerFactory.getLogger(FallbackPin.class);

    @Override
    public PinOutcome take() {
        return switch (barrier.take()) {
            case PinOutcome.Pinned pinned -> pinned;
            case PinOutcome.Unfit unfit -> unfit;
            case PinOutcome.Impossible(String reason, Instant _, boolean _) -> takeInstead(reason);
        };
    }

    private PinOutcome takeInstead(String refused) {
        LOG.warn("No barrier, and so a weaker comparison: {}", refused);
        return switch (instead.take()) {
            case PinOutcome.Pinned(PinnedSides sides) -> new PinOutcome.Pinned(sides.insteadOfBarrier(refused));
            case PinOutcome.Unfit unfit -> unfit;
            case PinOutcome.Impossible(String reason, Instant hour, boolean passes) ->
                new PinOutcome.Impossible(
                        "no barrier: %s; no race window: %s".formatted(refused, reason), hour, passes);
        };
    }
}
