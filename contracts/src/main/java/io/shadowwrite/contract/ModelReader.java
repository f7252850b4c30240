package io.shadowwrite.contract;

import io.shadowwrite.contract.TargetModel.OnDelete;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the target models; one that has problems is still returned as far as it goes. */
final class ModelReader {

    private static final List<String> KINDS = List.of("scd2", "crud", "junction");

    private static final List<String> ALWAYS = List.of("kind", "table", "key", "columns");

    private static final List<String> VERSIONED = List.of("kind", "table", "key", "columns", "valid_from", "valid_to");

    private ModelReader() {}

    static Map<String, TargetModel> read(JsonTree tree) {
        Map<String, TargetModel> models = new LinkedHashMap<>();
        Map<QualifiedName, String> tables = new LinkedHashMap<>();
        tree.entries().forEach((name, model) -> {
            Names.check(model, "model", name);
            TargetModel read = model(name, model);
            if (read != null) {
                models.put(name, read);
                String other = tables.putIfAbsent(read.table(), name);
                if (other != null) {
                    model.get("table").problem("table %s is already that of model '%s'".formatted(read.table(), other));
                }
            }
        });
        if (models.isEmpty() && tree.node().isObject() && tree.node().isEmpty()) {
            tree.problem("at least one model is needed");
        }
        return models;
    }

    private static @Nullable TargetModel model(String name, JsonTree tree) {
        String kind = tree.get("kind").text();
        if (kind.equals("scd2")) {
            tree.members(VERSIONED, List.of("archived", "on_delete"));
        } else {
            tree.members(
                    ALWAYS,
                    KINDS.contains(kind) ? List.of() : List.of("valid_from", "valid_to", "archived", "on_delete"));
        }
        QualifiedName table = tree.has("table")
                ? Names.table(tree.get("table"), tree.get("table").text())
                : null;
        Map<String, ColumnType> columns = Columns.read(tree.get("columns"));
        List<String> key = Columns.key(tree.get("key"), columns);
        checkKind(tree, kind, key);
        if (table == null || key.isEmpty()) {
            return null;
        }
        return switch (kind) {
            case "scd2" -> versioned(name, table, key, columns, tree);
            case "crud" -> new TargetModel.Crud(name, table, key, columns);
            case "junction" -> new TargetModel.Junction(name, table, key, columns);
            default -> null;
        };
    }

    private static void checkKind(JsonTree tree, String kind, List<String> key) {
        if (tree.get("kind").node().isString() && !KINDS.contains(kind)) {
            tree.get("kind").problem("unknown kind '%s'%s".formatted(kind, Suggestion.of(kind, KINDS)));
        } else if (kind.equals("junction") && key.size() == 1) {
            tree.get("key").problem("a junction joins at least two rows: its key needs two columns or more");
        }
    }

    private static TargetModel versioned(
            String name, QualifiedName table, List<String> key, Map<String, ColumnType> columns, JsonTree tree) {
        List<String> taken = new ArrayList<>(columns.keySet());
        String from = ownColumn(tree.get("valid_from"), taken);
        String to = ownColumn(tree.get("valid_to"), taken);
        String archived = tree.has("archived") ? ownColumn(tree.get("archived"), taken) : null;
        OnDelete onDelete = onDelete(tree.get("on_delete"));
        if (onDelete == OnDelete.ARCHIVE && archived == null) {
            tree.get("on_delete").problem("to archive, the model needs 'archived': the boolean column that marks it");
            onDelete = OnDelete.CLOSE;
        }
        return new TargetModel.Scd2(name, table, key, columns, from, to, archived, onDelete);
    }

    /** A column that the suite itself fills; it must not be among the written ones. */
    private static String ownColumn(JsonTree tree, List<String> taken) {
        String column = tree.text();
        if (tree.node().isString()) {
            Names.check(tree, "column", column);
            if (taken.contains(column)) {
                tree.problem("column '%s' is named twice; validity and archived columns are not among 'columns'"
                        .formatted(column));
            }
            taken.add(column);
        }
        return column;
    }

    private static OnDelete onDelete(JsonTree tree) {
        String text = tree.text();
        return switch (text) {
            case "close" -> OnDelete.CLOSE;
            case "archive" -> OnDelete.ARCHIVE;
            default -> {
                if (tree.node().isString()) {
                    tree.problem("unknown on_delete '%s'%s"
                            .formatted(text, Suggestion.of(text, List.of("close", "archive"))));
                }
                yield OnDelete.CLOSE;
            }
        };
    }
}
