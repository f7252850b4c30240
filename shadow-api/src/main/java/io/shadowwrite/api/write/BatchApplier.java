package io.shadowwrite.api.write;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.fold.ModelFold;
import io.shadowwrite.api.fold.Origin;
import io.shadowwrite.api.fold.Plan;
import io.shadowwrite.api.fold.RowMemory;
import io.shadowwrite.api.keymap.KeyMap;
import io.shadowwrite.api.target.ModelTable;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts source transactions into the target, with everything that is recorded about them. Runs in the caller's
 * transaction. Thread-safe.
 */
final class BatchApplier {

    private final TargetTables tables;
    private final KeyMap keyMap;
    private final ShadowDatabase database;

    BatchApplier(TargetTables tables, KeyMap keyMap, ShadowDatabase database) {
        this.tables = tables;
        this.keyMap = keyMap;
        this.database = database;
    }

    /** How the statements on target tables are ordered. */
    enum Order {
        /** As sets: parents before children, removals last and the other way round. Fast, and nearly always right. */
        SETS,
        /** Write by write as the source did it, for batches that a constraint of the target refuses as sets. */
        STRICT
    }

    void apply(List<TransactionWrites> transactions, Order order, Records records) {
        StrictOrder strictly = order == Order.STRICT ? new StrictOrder(tables, database) : null;
        BatchFold batch =
                strictly == null ? BatchFold.begin(tables, transactions, order) : strictly.begin(transactions);
        for (TransactionWrites transaction : transactions) {
            for (ChangeWrites change : transaction.changes()) {
                records.changed(transaction, change, applyChange(batch, transaction, change, records, strictly));
            }
            batch.folds().forEach(fold -> fold.endOfTransaction(transaction));
            if (strictly != null) {
                strictly.endOfTransaction(transaction);
            }
        }
        writeSets(batch.folds());
        batch.folds().forEach(fold -> keyMap.store(fold.columns(), fold.keyMap()));
        records.store();
    }

    /**
     * A part of a source transaction, with the same outcome as if the whole were applied at once.
     *
     * @param strictly for the parts of this transaction that are applied in order; null to apply this one as a set
     */
    void applyPart(TransactionWrites part, @Nullable StrictOrder strictly, Records records, PartMemory memory) {
        BatchFold batch = strictly == null ? BatchFold.beginPart(tables, part) : strictly.beginPart(part);
        batch.folds().forEach(memory::recall);
        for (ChangeWrites change : part.changes()) {
            records.changed(part, change, applyChange(batch, part, change, records, strictly));
        }
        Map<ModelFold, List<RowMemory>> memories = new LinkedHashMap<>();
        batch.folds().forEach(fold -> memories.put(fold, fold.endOfPart(part)));
        writeSets(batch.folds());
        memories.forEach(memory::remember);
        records.store();
    }

    /** After the last part of a source transaction: what can only be judged once it is complete. */
    void endOfParts(TransactionWrites transaction, PartMemory memory) {
        for (ModelTable table : tables.inOrder()) {
            memory.pages(table.columns().model().name(), page -> {
                ModelFold fold = new ModelFold(table.columns(), true);
                fold.endOfParts(page, transaction);
                keyMap.store(fold.columns(), fold.keyMap());
            });
        }
    }

    /** For the parts of one transaction that must be applied in order. */
    StrictOrder strictOrder() {
        return new StrictOrder(tables, database);
    }

    private static boolean applyChange(
            BatchFold batch,
            TransactionWrites transaction,
            ChangeWrites change,
            Records records,
            @Nullable StrictOrder strictly) {
        boolean effective = false;
        Origin origin = new Origin(
                transaction, change.changeIndex(), change.sourceTable(), change.sourceKey(), change.formerKey());
        for (ShadowWrite write : change.writes()) {
            BatchFold.Step step = batch.next();
            if (step.fold().write(step.write(), origin)) {
                records.written(transaction, change, write);
                effective = true;
            }
            if (strictly != null) {
                strictly.write(step, origin);
            }
        }
        return effective;
    }

    private void writeSets(List<ModelFold> folds) {
        LinkedHashMap<ModelTable, Plan> plans = new LinkedHashMap<>();
        for (ModelFold fold : folds) {
            fold.endOfBatch();
            Plan plan = fold.takePlan();
            ModelTable table = tables.of(fold.columns().model().name());
            plans.put(table, plan);
            StatementLimit.within(fold.columns().model().name(), "writing", () -> table.write(plan));
            fold.endOfWriting();
        }
        plans.sequencedEntrySet().reversed().forEach(entry -> delete(entry.getKey(), entry.getValue()));
    }

    private static void delete(ModelTable table, Plan plan) {
        StatementLimit.within(table.columns().model().name(), "deleting", () -> table.delete(plan));
    }
}
