package io.shadowwrite.consumer.delivery;

import io.shadowwrite.delivery.Halt;
import io.shadowwrite.protocol.WriteResult;

/** Every change that was decoded is applied, no operation, filtered or parked; nothing is in between. */
final class Conservation {

    private Conservation() {}

    /**
     * Checks it. What shadow-api has just judged it answers for exactly. What it says of a replay comes from receipts, of
     * which old ones may be gone; but there are never more of them than there were changes.
     *
     * @param replayed changes of the transactions that were applied before
     * @param fresh changes of the others
     */
    static void require(long replayed, long fresh, WriteResult answer) {
        long judged = answer.changesInAll();
        if (judged < fresh || judged > replayed + fresh) {
            throw new Halt(
                    "BROKEN_INVARIANT: shadow-api says what became of %d of %d changes, %d of them applied before. See %s"
                            .formatted(judged, replayed + fresh, replayed, "docs/runbook.md#broken-invariant"));
        }
    }
}
