package io.shadowwrite.api.target;

import io.shadowwrite.contract.TargetModel;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What writing a row may touch beyond it, by what the target's catalog said at one moment.
 *
 * @param references by name of a model: its foreign keys onto the keys of models
 * @param writesAct models whose table does more than it is told when a row is written: by a trigger or a rule
 * @param updatesLockOut models of which a row that is updated may not be referred to until that is committed, as if it came or went
 * @param removalsAct models of which a removed row takes others along, or changes them
 */
public record Reach(
        Map<String, List<Reference>> references,
        Set<String> writesAct,
        Set<String> updatesLockOut,
        Set<String> removalsAct) {

    public Reach {
        references = Map.copyOf(references);
        writesAct = Set.copyOf(writesAct);
        updatesLockOut = Set.copyOf(updatesLockOut);
        removalsAct = Set.copyOf(removalsAct);
    }

    /**
     * A foreign key.
     *
     * @param columns of the table that refers, in the order of the other model's key
     */
    public record Reference(TargetModel parent, List<String> columns) {}

    /** The rows of models that a row of this one may name. */
    public List<Reference> referencesOf(TargetModel model) {
        return references.getOrDefault(model.name(), List.of());
    }

    /** Whether others may have to wait for an update, because they refer to its row. */
    public boolean locksOut(TargetModel model) {
        return updatesLockOut.contains(model.name());
    }

    /** Whether a write may change rows that only the target knows of. */
    public boolean isOpen(TargetModel model, boolean removal) {
        return writesAct.contains(model.name()) || (removal && removalsAct.contains(model.name()));
    }
}
