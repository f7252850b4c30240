package io.shadowwrite.consumer.delivery;

import io.shadowwrite.delivery.Halt;
import io.shadowwrite.protocol.WriteResult;

/** Every change that was decoded is applied, no operation, filtered, parked or repeated; nothing is in between. */
final class Conservation {

    private Conservation() {}

    /**
     * Checks an answer.
     *
     * @param repeated changes of the transactions that were applied before and have receipts
     * @param fresh changes of those that were applied just now
     */
    static void require(long repeated, long fresh, WriteResult answer) {
        if (answer.judged() != fresh || answer.repeated() != repeated) {
            throw broken("shadow-api says what became of %d of %d changes, and knows %d of %d that were applied before"
                    .formatted(answer.judged(), fresh, answer.repeated(), repeated));
        }
    }

    /**
     * Checks an answer that came before all was sent, because all of it was applied before.
     *
     * @param sent changes of the one transaction until then
     */
    static void requireRepeated(long sent, WriteResult answer) {
        boolean known = answer.forgotten() == 0;
        if (answer.judged() != 0 || (known && answer.repeated() < sent)) {
            throw broken("shadow-api knows %d changes of a transaction that was applied before, and it has %d or more"
                    .formatted(answer.repeated(), sent));
        }
    }

    private static Halt broken(String how) {
        return new Halt("BROKEN_INVARIANT: %s. See docs/runbook.md#broken-invariant".formatted(how));
    }
}
