package io.shadowwrite.api.write;

import io.shadowwrite.api.fold.ModelFold;
import io.shadowwrite.api.fold.RowState;
import io.shadowwrite.api.fold.RowWrite;
import io.shadowwrite.api.target.ModelTable;
import io.shadowwrite.api.write.BatchApplier.Order;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The folds of one batch, and its writes in order, each tied to its row. Knows of the target what the folds must know: as
 * sets, rows whose every column is set are not read at all. Belongs to one request and one thread.
 */
final class BatchFold {

    private final List<ModelFold> folds;
    private final Iterator<Step> steps;

    /** A write and the fold it belongs to. */
    record Step(ModelFold fold, RowWrite write) {}

    private BatchFold(List<ModelFold> folds, Iterator<Step> steps) {
        this.folds = folds;
        this.steps = steps;
    }

    /** Looks at every write of the batch and learns about the rows that need it. */
    static BatchFold begin(TargetTables tables, List<TransactionWrites> transactions, Order order) {
        return begin(tables, transactions, order, false);
    }

    /** The same for a part of a source transaction; what it leaves is remembered, so nothing may be left unknown. */
    static BatchFold beginPart(TargetTables tables, TransactionWrites part) {
        return begin(tables, List.of(part), Order.STRICT, true);
    }

    private static BatchFold begin(
            TargetTables tables, List<TransactionWrites> transactions, Order order, boolean inParts) {
        Map<String, ModelFold> byModel = new HashMap<>();
        List<Step> steps = new ArrayList<>();
        for (TransactionWrites transaction : transactions) {
            for (ChangeWrites change : transaction.changes()) {
                for (ShadowWrite write : change.writes()) {
                    @Nullable ModelFold fold = byModel.get(write.model());
                    if (fold == null) {
                        fold = new ModelFold(tables.of(write.model()).columns(), inParts);
                        byModel.put(write.model(), fold);
                    }
                    steps.add(new Step(fold, fold.announce(write, change, transaction)));
                }
            }
        }
        List<ModelFold> folds = new ArrayList<>();
        for (ModelTable table : tables.inOrder()) {
            @Nullable ModelFold fold = byModel.get(table.columns().model().name());
            if (fold != null) {
                StatementLimit.within(fold.columns().model().name(), "looking up", () -> learn(table, fold, order));
                folds.add(fold);
            }
        }
        return new BatchFold(folds, steps.iterator());
    }

    private static void learn(ModelTable table, ModelFold fold, Order order) {
        List<RowState> whole = order == Order.SETS ? fold.wholeRows() : List.of();
        List<RowState> lookedUp = new ArrayList<>();
        if (table.overwrites()) {
            fold.leaveUnknown(whole);
        } else {
            lookedUp.addAll(table.closeAhead(whole));
        }
        List<RowState> read = new ArrayList<>();
        for (RowState row : fold.rows()) {
            if (row.needsRow()) {
                read.add(row);
            } else if (order == Order.STRICT || !row.onlyWhole()) {
                lookedUp.add(row);
            }
        }
        table.find(lookedUp, false);
        table.find(read, true);
    }

    /** Of the touched models, in contract order. */
    List<ModelFold> folds() {
        return folds;
    }

    /** The next write of the batch, in the order of its transactions, changes and writes. */
    Step next() {
        return steps.next();
    }
}
