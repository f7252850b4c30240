package io.shadowwrite.api.write;

import io.shadowwrite.api.fold.Found;
import io.shadowwrite.api.fold.ModelFold;
import io.shadowwrite.api.target.ModelTable;
import io.shadowwrite.contract.TargetModel.OnDelete;
import io.shadowwrite.contract.TargetModel.Scd2;
import io.shadowwrite.protocol.Action;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds out which rows a batch touches, and reads them in at most two statements per model. */
final class BatchFold {

    private final TargetTables tables;

    BatchFold(TargetTables tables) {
        this.tables = tables;
    }

    /** A fold per touched model, in contract order, knowing what the target holds now. */
    Map<String, ModelFold> begin(List<TransactionWrites> transactions) {
        Map<String, Map<List<String>, Boolean>> touched = touchedKeys(transactions);
        Map<String, ModelFold> folds = new LinkedHashMap<>();
        for (ModelTable table : tables.inOrder()) {
            Map<List<String>, Boolean> keys =
                    touched.get(table.columns().model().name());
            if (keys != null) {
                folds.put(table.columns().model().name(), new ModelFold(table.columns(), read(table, keys)));
            }
        }
        return folds;
    }

    private static Map<List<String>, Found> read(ModelTable table, Map<List<String>, Boolean> keys) {
        Map<List<String>, Found> found = new HashMap<>();
        table.find(select(keys, false), false, found);
        table.find(select(keys, true), true, found);
        return found;
    }

    private static List<List<String>> select(Map<List<String>, Boolean> keys, boolean withRow) {
        return keys.entrySet().stream()
                .filter(entry -> entry.getValue() == withRow)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** By model and key: whether the row's present values are needed, and not only its existence. */
    private Map<String, Map<List<String>, Boolean>> touchedKeys(List<TransactionWrites> transactions) {
        Map<String, Map<List<String>, Boolean>> touched = new HashMap<>();
        for (TransactionWrites transaction : transactions) {
            for (ChangeWrites change : transaction.changes()) {
                for (ShadowWrite write : change.writes()) {
                    touch(touched.computeIfAbsent(write.model(), _ -> new LinkedHashMap<>()), write);
                }
            }
        }
        return touched;
    }

    private void touch(Map<List<String>, Boolean> keys, ShadowWrite write) {
        ModelTable table = tables.of(write.model());
        table.columns().check(write.values());
        boolean partial = write.action() == Action.UPSERT && table.columns().isPartial(write.values());
        boolean archiving = write.action() == Action.REMOVE
                && table.columns().model() instanceof Scd2 scd2
                && scd2.onDelete() == OnDelete.ARCHIVE;
        keys.merge(table.columns().key(write.key()), partial || archiving, Boolean::logicalOr);
        if (partial && write.carryFrom() != null) {
            keys.put(table.columns().key(write.carryFrom()), true);
        }
    }
}
