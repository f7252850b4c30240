package io.shadowwrite.system.kills;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One blow.
 *
 * @param recovered whether everybody is waited for before, within reason; otherwise it may hit a suite that still recovers
 * @param calm pause before it
 * @param victims killed together, and started together
 * @param down how long they stay away, as a supervisor would need
 * @param again how long after the start the first of them is killed once more; null when it is not
 */
record Strike(
        boolean recovered,
        Duration calm,
        List<Victim> victims,
        Duration down,
        @Nullable Duration again) {

    Strike {
        victims = List.copyOf(victims);
    }

    int kills() {
        return victims.size() + (again == null ? 0 : 1);
    }
}
