package io.shadowwrite.api.write;

import io.shadowwrite.api.fold.ModelFold;
import io.shadowwrite.api.fold.Origin;
import io.shadowwrite.api.fold.Plan;
import io.shadowwrite.api.keymap.KeyMap;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Puts source transactions into the target, with everything that is recorded about them. Runs in the caller's
 * transaction. Thread-safe.
 */
final class BatchApplier {

    private final TargetTables tables;
    private final KeyMap keyMap;
    private final StrictOrder strictOrder;

    BatchApplier(TargetTables tables, KeyMap keyMap, StrictOrder strictOrder) {
        this.tables = tables;
        this.keyMap = keyMap;
        this.strictOrder = strictOrder;
    }

    /** How the statements on target tables are ordered. */
    enum Order {
        /** As sets: parents before children, removals last and the other way round. Fast, and nearly always right. */
        SETS,
        /** Write by write as the source did it, for batches that a constraint of the target refuses as sets. */
        STRICT
    }

    void apply(List<TransactionWrites> transactions, Order order, Records records) {
        Map<String, ModelFold> folds = new BatchFold(tables).begin(transactions);
        for (TransactionWrites transaction : transactions) {
            for (ChangeWrites change : transaction.changes()) {
                records.changed(transaction, change, applyChange(folds, transaction, change, records, order));
            }
            folds.values().forEach(fold -> fold.endOfTransaction(transaction));
            if (order == Order.STRICT) {
                strictOrder.endOfTransaction(transaction);
            }
        }
        writeSets(folds);
        folds.values().forEach(fold -> keyMap.store(fold.columns(), fold.keyMap()));
        records.store();
    }

    private boolean applyChange(
            Map<String, ModelFold> folds,
            TransactionWrites transaction,
            ChangeWrites change,
            Records records,
            Order order) {
        boolean effective = false;
        Origin origin = new Origin(transaction, change.changeIndex(), change.sourceTable(), change.sourceKey());
        for (ShadowWrite write : change.writes()) {
            ModelFold fold = Objects.requireNonNull(folds.get(write.model()));
            if (fold.write(write, origin)) {
                records.written(transaction, change, write);
                effective = true;
            }
            if (order == Order.STRICT) {
                strictOrder.write(fold, write, origin);
            }
        }
        return effective;
    }

    private void writeSets(Map<String, ModelFold> folds) {
        LinkedHashMap<ModelFold, Plan> plans = new LinkedHashMap<>();
        for (ModelFold fold : folds.values()) {
            fold.endOfBatch();
            Plan plan = fold.takePlan();
            plans.put(fold, plan);
            tables.of(fold.columns().model().name()).write(plan);
        }
        plans.sequencedEntrySet()
                .reversed()
                .forEach(entry ->
                        tables.of(entry.getKey().columns().model().name()).delete(entry.getValue()));
    }
}
