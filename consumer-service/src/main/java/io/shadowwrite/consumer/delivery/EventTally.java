package io.shadowwrite.consumer.delivery;

import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.Disposition;
import io.shadowwrite.protocol.Operation;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How many changes there were of each operation and outcome. For one thread at a time. */
final class EventTally {

    private final Map<Operation, Map<Disposition, Long>> counts = new EnumMap<>(Operation.class);

    /** What is called for each number that is not zero. */
    @FunctionalInterface
    interface Count {

        void of(Operation operation, Disposition outcome, long changes);
    }

    void add(List<ChangeWrites> changes) {
        for (ChangeWrites change : changes) {
            counts.computeIfAbsent(change.operation(), _ -> new EnumMap<>(Disposition.class))
                    .merge(outcome(change), 1L, Long::sum);
        }
    }

    void forEach(Count count) {
        counts.forEach(
                (operation, outcomes) -> outcomes.forEach((outcome, changes) -> count.of(operation, outcome, changes)));
    }

    private static Disposition outcome(ChangeWrites change) {
        if (!change.inScope()) {
            return Disposition.FILTERED;
        }
        return change.writes().isEmpty() ? Disposition.NO_OP : Disposition.APPLIED;
    }
}
