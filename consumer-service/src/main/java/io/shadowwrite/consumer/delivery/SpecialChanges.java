package io.shadowwrite.consumer.delivery;

import io.shadowwrite.replication.RowChange;
import io.shadowwrite.transform.TransformProblem;
import java.util.Map;
import org.postgresql.replication.LogSequenceNumber;

/** The changes of a batch or part that hold a special value, each with the problem that says so. */
record SpecialChanges(Map<NamedChange, TransformProblem> problems) {

    static final SpecialChanges NONE = new SpecialChanges(Map.of());

    boolean isEmpty() {
        return problems.isEmpty();
    }

    /** Lets a change pass that is none of them. */
    void refuse(LogSequenceNumber commitLsn, RowChange change) {
        TransformProblem problem = problems.get(new NamedChange(commitLsn, change.changeIndex()));
        if (problem != null) {
            throw problem;
        }
    }
}
