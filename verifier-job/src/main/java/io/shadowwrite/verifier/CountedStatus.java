package io.shadowwrite.verifier;

import io.shadowwrite.protocol.Conservation;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * The status once shadow-api has counted what became of every change below a pin. The count follows the readers about once a
 * second, and no tick is stored as clean before it has come to its pin.
 *
 * @param patience for each question
 * @param bound how long the count is waited for; then the status is what it is
 */
record CountedStatus(ShadowApi api, Patience patience, Duration bound) {

    private static final Duration PAUSE = Duration.ofMillis(200);

    /** The status, at once when there is no pin. */
    Status below(@Nullable LogSequenceNumber pin) {
        long deadline = System.nanoTime() + bound.toNanos();
        Status status = patience.call(api::status);
        while (pin != null && !counted(status, pin) && System.nanoTime() - deadline < 0 && paused()) {
            status = patience.call(api::status);
        }
        return status;
    }

    private static boolean counted(Status status, LogSequenceNumber pin) {
        Conservation conservation = status.conservation();
        return conservation != null && conservation.below().compareTo(pin) >= 0;
    }

    private static boolean paused() {
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
