package io.shadowwrite.verifier;

import io.shadowwrite.protocol.Conservation;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import java.time.Duration;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Waits for shadow-api to count what became of every change below a pin. The count follows the readers about once a second,
 * and no tick is stored as clean before it has come to its pin.
 *
 * @param bound how long it is waited for
 */
record CountedChanges(ShadowApi api, Duration bound) {

    private static final Duration PAUSE = Duration.ofMillis(200);

    /** Returns when it is counted, or when the bound is over: the API judges by itself when the run is stored. */
    void await(LogSequenceNumber pin) {
        long deadline = System.nanoTime() + bound.toNanos();
        boolean waiting = true;
        while (waiting && !counted(pin)) {
            waiting = System.nanoTime() - deadline < 0 && paused();
        }
    }

    /** A verdict must not be lost because this question has no answer. */
    private boolean counted(LogSequenceNumber pin) {
        try {
            Conservation conservation = api.status().conservation();
            return conservation != null && conservation.below().compareTo(pin) >= 0;
        } catch (ShadowProblem _) {
            return false;
        }
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
