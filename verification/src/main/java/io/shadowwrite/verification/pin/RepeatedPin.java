package io.shadowwrite.verification.pin;

import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pin that is asked for again while it is impossible: what stands against it, an old transaction or another verifier's
 * hold, mostly passes within seconds and must not cost an hour.
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
        while (outcome instanceof PinOutcome.Impossible(String reason, Instant _)
                && System.nanoTime() + pause.toNanos() - deadline < 0
                && slept()) {
            LOG.info("Pinning once more: {}", reason);
            outcome = pin.take();
        }
        return outcome;
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
