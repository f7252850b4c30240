package io.shadowwrite.api.ledger;

import io.shadowwrite.api.database.Codes;
import io.shadowwrite.protocol.ChangeCount;
import io.shadowwrite.protocol.Disposition;
import io.shadowwrite.protocol.Operation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How many changes of each operation had which outcome. Belongs to one request. */
public final class Judged {

    /** By their codes, which begin with 1. */
    private final long[][] counts = new long[Operation.values().length + 1][Disposition.values().length + 1];

    void add(Operation operation, Disposition disposition, long changes) {
        counts[Codes.of(operation)][Codes.of(disposition)] += changes;
    }

    /** Adds what was counted elsewhere. */
    public Judged plus(List<ChangeCount> others) {
        others.forEach(other -> add(other.operation(), other.disposition(), other.changes()));
        return this;
    }

    /** Everything that is not zero. */
    public List<ChangeCount> counts() {
        List<ChangeCount> all = new ArrayList<>();
        for (Operation operation : Operation.values()) {
            for (Disposition disposition : Disposition.values()) {
                long changes = counts[Codes.of(operation)][Codes.of(disposition)];
                if (changes > 0) {
                    all.add(new ChangeCount(operation, disposition, changes));
                }
            }
        }
        return all;
    }

    Map<Disposition, Long> byDisposition() {
        Map<Disposition, Long> sums = new EnumMap<>(Disposition.class);
        counts().forEach(count -> sums.merge(count.disposition(), count.changes(), Long::sum));
        return sums;
    }
}
