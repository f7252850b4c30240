package io.shadowwrite.system.kills;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * How long it takes from the start of killed victims until both readers have stored everything that the source had when they
 * were started, or, when it was among them, as soon as it answered. Confined to one thread.
 */
final class Recovery {

    private final List<Victim> victims;
    private final long startedNanos = System.nanoTime();
    private @Nullable LogSequenceNumber goal;
    private @Nullable Duration taken;
    private boolean disturbed;

    Recovery(List<Victim> victims) {
        this.victims = List.copyOf(victims);
    }

    /** The source answers and has this much. */
    void sourceHas(LogSequenceNumber position) {
        if (goal == null) {
            goal = position;
        }
    }

    /** Both readers have stored this much. */
    void stored(LogSequenceNumber position) {
        if (taken == null && goal != null && position.compareTo(goal) >= 0) {
            taken = Duration.ofNanos(System.nanoTime() - startedNanos);
        }
    }

    /** Somebody else, or the same again, is killed or cut off before it is over. */
    void disturb() {
        disturbed = disturbed || taken == null;
    }

    boolean isOver() {
        return taken != null;
    }

    boolean wasDisturbed() {
        return disturbed;
    }

    Duration taken() {
        if (taken == null) {
            throw new IllegalStateException("no recovery of " + victims + " yet");
        }
        return taken;
    }
}
