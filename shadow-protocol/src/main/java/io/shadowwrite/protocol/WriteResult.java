package io.shadowwrite.protocol;

import java.util.List;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What of a batch is applied, and what became of it.
 *
 * @param applied source transactions of the request that are now applied, a prefix of it; the rest is beyond the hold
 *     and must be sent again
 * @param replayed how many of those had been applied before, the first ones
 * @param forgotten how many of those replayed lie so far back that their receipts were dropped, the first ones; nobody can tell any
 *     more whether they are what was applied
 * @param repeated receipts that are there of the others replayed: as many as they have changes
 * @param changes what became of every change of those applied just now; the counts add up to all of them
 * @param control the state after the batch; its position is what may be confirmed to the slot
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record WriteResult(
        int applied, int replayed, int forgotten, long repeated, List<ChangeCount> changes, ControlState control) {

    public WriteResult {
        changes = List.copyOf(changes);
    }

    /** All changes of the transactions that were applied just now. */
    public long judged() {
        return changes.stream().mapToLong(ChangeCount::changes).sum();
    }
}
