package io.shadowwrite.verification.pin;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pin that is asked for again while it is impossible for a reason that may pass: an old transaction or another verifier's
 * hold mostly does within seconds and must not cost an hour.
 *
 * @param pin what is tried
 * @param patience how long after the first try another one may begin; zero for one try
 * @param pause between two tries
 */
public record RepeatedPin(Pin pin, Duration patience, Duration pause) implements Pin {

    private static final Logger LOG = LoggerFactory.getLogger(RepeatedPin.class);

    @Override
    public PinOutcome take() {
        long deadline = System.nanoTime() + patience.toNanos();
        PinOutcome outcome = pin.take();
        for (String reason = against(outcome);
                reason != null && System.nanoTime() + pause.toNanos() - deadline < 0 && slept();
                reason = against(outcome)) {
            LOG.info("Pinning once more: {}", reason);
            outcome = pin.take();
        }
        return outcome;
    }

    /** Null when there is nothing to be waited for. */
    private static @Nullable String against(PinOutcome outcome) {
        return switch (outcome) {
            case PinOutcome.Pinned _ -> null;
            case PinOutcome.Impossible(String reason, Instant _, boolean passes) -> passes ? reason : null;
            case PinOutcome.Unfit(String reason, Instant _, boolean passes) -> passes ? reason : null;
        };
    }

    private boolean slept() {
        try {
            Thread.sleep(pause);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
