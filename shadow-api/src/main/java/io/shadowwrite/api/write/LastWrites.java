package io.shadowwrite.api.write;

import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Which change of a source transaction was the last to upsert or remove rows of each model; all that is kept of a transaction
 * that may be large. For one thread.
 */
final class LastWrites {

    private final Map<String, Integer> upserts = new HashMap<>();
    private final Map<String, Integer> removals = new HashMap<>();

    static LastWrites of(TransactionWrites transaction) {
        LastWrites writes = new LastWrites();
        writes.add(transaction);
        return writes;
    }

    /** A transaction, or its next part. */
    void add(TransactionWrites part) {
        for (ChangeWrites change : part.changes()) {
            for (ShadowWrite write : change.writes()) {
                Map<String, Integer> last = switch (write.action()) {
                    case UPSERT -> upserts;
                    case REMOVE -> removals;
                };
                last.put(write.model(), change.changeIndex());
            }
        }
    }

    /**
     * The last change that did one of both; of all changes when none did.
     *
     * @param upserted models whose rows it upserted
     * @param removed models whose rows it removed
     */
    int blamed(Predicate<String> upserted, Predicate<String> removed) {
        int among = Math.max(last(upserts, upserted), last(removals, removed));
        return among >= 0 ? among : Math.max(0, Math.max(last(upserts, _ -> true), last(removals, _ -> true)));
    }

    private static int last(Map<String, Integer> writes, Predicate<String> models) {
        return writes.entrySet().stream()
                .filter(each -> models.test(each.getKey()))
                .mapToInt(Map.Entry::getValue)
                .max()
                .orElse(-1);
    }
}
