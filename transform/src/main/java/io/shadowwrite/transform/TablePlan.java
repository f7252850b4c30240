package io.shadowwrite.transform;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.replication.RowChange;
import java.util.ArrayList;
import java.util.List;

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

    List<ShadowWrite> writes(Transition transition) {
        List<ShadowWrite> writes = new ArrayList<>(plans.size());
        for (WritePlan plan : plans) {
            plan.addTo(writes, transition);
        }
        return List.copyOf(writes);
    }
}
