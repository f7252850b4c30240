package io.shadowwrite.consumer.delivery;

import io.shadowwrite.delivery.Halt;
import io.shadowwrite.protocol.WriteResult;

/** Every change that was decoded is applied, no operation, filtered or parked; nothing is in between. */
final class Conservation {

    private Conservation() {}

    /**
     * Checks it where shadow-api has just judged the changes. What it says of a replay comes from receipts, of which old
     * ones may be gone.
     */
    static void require(long sent, WriteResult answer) {
        if (answer.replayed() == 0 && answer.changesInAll() != sent) {
            throw new Halt("BROKEN_INVARIANT: shadow-api says what became of %d of %d changes. See %s"
                    .formatted(answer.changesInAll(), sent, "docs/runbook.md#broken-invariant"));
        }
    }
}
