package io.shadowwrite.protocol;

import java.util.List;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The outcome of a batch, the same however often it is sent.
 *
 * @param applied source transactions of the request that are now applied, a prefix of it; the rest is beyond the hold
 *     and must be sent again
 * @param replayed how many of those had been applied before
 * @param changes what became of every change of those, as their receipts say by now; the counts add up to all of them
 * @param control the state after the batch; its position is what may be confirmed to the slot
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record WriteResult(int applied, int replayed, List<ChangeCount> changes, ControlState control) {

    public WriteResult {
        changes = List.copyOf(changes);
    }

    /** All changes of the transactions that are applied. */
    public long changesInAll() {
        return changes.stream().mapToLong(ChangeCount::changes).sum();
    }
}
