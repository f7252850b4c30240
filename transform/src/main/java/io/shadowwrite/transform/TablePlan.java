package io.shadowwrite.transform;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.replication.ColumnValue;
import io.shadowwrite.replication.RowChange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A mapped source table, ready to run. Immutable. */
record TablePlan(RowLayout layout, List<WritePlan> plans) {

    static TablePlan of(Contract contract, SourceTable.Mapped source) {
        RowLayout layout = new RowLayout(source);
        List<WritePlan> plans = source.writes().stream()
                .map(write -> WritePlan.of(contract, source, layout, write))
                .toList();
        return new TablePlan(layout, plans);
    }

    Transition read(RowChange change) {
        return Transition.of(layout, change);
    }

    /** The row that has these values, in the contract's order of its columns, as if it had just been inserted. */
    Transition created(List<ColumnValue> values) {
        return new Transition.Created(SourceRow.loaded(layout, values));
    }

    /** The source key that the change replaced by another; null when it left the key as it was. */
    @Nullable String formerKey(Transition transition) {
        if (transition instanceof Transition.Changed(SourceRow before, SourceRow after)
                && !before.agreesWith(after, layout.keyOrdinals())) {
            String former = before.key();
            return former.equals(after.key()) ? null : former;
        }
        return null;
    }

    List<ShadowWrite> writes(Transition transition) {
        List<ShadowWrite> writes = new ArrayList<>(plans.size());
        for (WritePlan plan : plans) {
            plan.addTo(writes, transition);
        }
        return List.copyOf(writes);
    }
}
