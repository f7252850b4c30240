package io.shadowwrite.api.write;

import io.shadowwrite.api.fold.ModelFold;
import io.shadowwrite.api.fold.Origin;
import io.shadowwrite.api.fold.Plan;
import io.shadowwrite.api.keymap.KeyMap;
import io.shadowwrite.api.ledger.Ledger;
import io.shadowwrite.api.provenance.Provenance;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.Disposition;
import io.shadowwrite.protocol.Receipt;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.Side;
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
    private final Provenance provenance;
    private final KeyMap keyMap;
    private final Ledger ledger;
    private final StrictOrder strictOrder;

    BatchApplier(TargetTables tables, Provenance provenance, KeyMap keyMap, Ledger ledger, StrictOrder strictOrder) {
        this.tables = tables;
        this.provenance = provenance;
        this.keyMap = keyMap;
        this.ledger = ledger;
        this.strictOrder = strictOrder;
    }

    /** How the statements on target tables are ordered. */
    enum Order {
        /** As sets: parents before children, removals last and the other way round. Fast, and nearly always right. */
        SETS,
        /** Write by write as the source did it, for batches that a constraint of the target refuses as sets. */
        STRICT
    }

    void apply(List<TransactionWrites> transactions, Order order) {
        Map<String, ModelFold> folds = new BatchFold(tables).begin(transactions);
        Provenance.Rows changed = provenance.rows();
        Ledger.Rows receipts = ledger.rows(Side.CONSUMER);
        for (TransactionWrites transaction : transactions) {
            for (ChangeWrites change : transaction.changes()) {
                boolean effective = applyChange(folds, transaction, change, changed, order);
                receipts.add(receipt(transaction, change), disposition(change, effective));
            }
            folds.values().forEach(fold -> fold.endOfTransaction(transaction));
            if (order == Order.STRICT) {
                strictOrder.endOfTransaction(transaction);
            }
        }
        writeSets(folds);
        changed.store();
        folds.values().forEach(fold -> keyMap.store(fold.columns(), fold.keyMap()));
        receipts.store();
    }

    private boolean applyChange(
            Map<String, ModelFold> folds,
            TransactionWrites transaction,
            ChangeWrites change,
            Provenance.Rows changed,
            Order order) {
        boolean effective = false;
        Origin origin = new Origin(transaction, change.changeIndex(), change.sourceTable(), change.sourceKey());
        for (ShadowWrite write : change.writes()) {
            ModelFold fold = Objects.requireNonNull(folds.get(write.model()));
            if (fold.write(write, origin)) {
                changed.add(transaction, change, write);
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

    private static Disposition disposition(ChangeWrites change, boolean effective) {
        if (!change.inScope()) {
            return Disposition.FILTERED;
        }
        return effective ? Disposition.APPLIED : Disposition.NO_OP;
    }

    private static Receipt receipt(TransactionWrites transaction, ChangeWrites change) {
        return new Receipt(
                transaction.commitLsn(),
                change.changeIndex(),
                transaction.xid(),
                change.sourceTable(),
                change.operation(),
                change.sourceKey(),
                change.digest());
    }
}
