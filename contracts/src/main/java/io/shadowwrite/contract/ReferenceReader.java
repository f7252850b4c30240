package io.shadowwrite.contract;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads references; knows what they may point to, and remembers them until every write is known. */
final class ReferenceReader {

    private final Map<QualifiedName, SourceShape> shapes;

    /** Tables that the file names, also those out of scope or not readable. */
    private final Set<String> declaredTables;

    private final Set<String> declaredModels;

    private final List<Seen> seen = new ArrayList<>();

    /** A reference and where it stands. */
    private record Seen(Expression.Reference reference, JsonTree tree) {}

    ReferenceReader(Map<QualifiedName, SourceShape> shapes, Set<String> declaredTables, Set<String> declaredModels) {
        this.shapes = shapes;
        this.declaredTables = declaredTables;
        this.declaredModels = declaredModels;
    }

    /** The reference; null, reported, when it points nowhere. */
    Expression.@Nullable Reference read(JsonTree tree, SourceShape from) {
        tree.members(List.of("table", "model", "columns"), List.of());
        String model = tree.get("model").text();
        if (tree.get("model").node().isString() && !declaredModels.contains(model)) {
            tree.get("model").problem("unknown model '%s'%s".formatted(model, Suggestion.of(model, declaredModels)));
        }
        SourceShape to = referenced(tree.get("table"));
        Map<String, Expression.Column> columns = columns(tree.get("columns"), from, to);
        if (to == null) {
            return null;
        }
        Expression.Reference reference = new Expression.Reference(to.name(), model, columns);
        if (declaredModels.contains(model)) {
            seen.add(new Seen(reference, tree));
        }
        return reference;
    }

    private @Nullable SourceShape referenced(JsonTree place) {
        String text = place.text();
        QualifiedName name = place.node().isString() ? Names.table(place, text) : null;
        if (name == null || shapes.containsKey(name)) {
            return name == null ? null : shapes.get(name);
        }
        if (!declaredTables.contains(text)) {
            place.problem("unknown source table '%s'%s".formatted(text, Suggestion.of(text, declaredTables)));
        }
        return null;
    }

    private static Map<String, Expression.Column> columns(JsonTree tree, SourceShape from, @Nullable SourceShape to) {
        Map<String, Expression.Column> columns = new LinkedHashMap<>();
        tree.entries().forEach((keyColumn, local) -> {
            String name = local.text();
            ColumnType type = from.column(local, name);
            columns.put(keyColumn, new Expression.Column(name, type, null));
            if (to != null) {
                checkKeyColumn(local, keyColumn, type, to);
            }
        });
        if (to != null && tree.node().isObject()) {
            to.key().stream()
                    .filter(column -> !columns.containsKey(column))
                    .forEach(column -> tree.problem("key column '%s' of %s is missing".formatted(column, to.name())));
        }
        return columns;
    }

    /** The derived key hashes text, so both columns must spell equal values alike. */
    private static void checkKeyColumn(JsonTree local, String keyColumn, ColumnType type, SourceShape to) {
        ColumnType keyType = to.columns().get(keyColumn);
        if (!to.key().contains(keyColumn)) {
            local.problem("'%s' is no key column of %s%s"
                    .formatted(keyColumn, to.name(), Suggestion.of(keyColumn, to.key())));
        } else if (keyType != null && !spelledAlike(type, keyType)) {
            local.problem("is %s, but key column '%s' of %s is %s; a reference needs the same kind of value"
                    .formatted(type.sql(), keyColumn, to.name(), keyType.sql()));
        }
    }

    private static boolean spelledAlike(ColumnType left, ColumnType right) {
        boolean known = !TypeParser.isUnreadable(left) && !TypeParser.isUnreadable(right);
        boolean scaled = left.kind() == ColumnType.Kind.DECIMAL;
        return !known || (left.kind() == right.kind() && (!scaled || left.equals(right)));
    }

    /** Checks, once all writes are read, that each reference means an identity that some write derives. */
    void checkDerived(Map<QualifiedName, SourceTable.Mapped> sources, Set<String> readableModels) {
        for (Seen each : seen) {
            Expression.Reference reference = each.reference();
            SourceTable.Mapped table = sources.get(reference.table());
            if (table != null && readableModels.contains(reference.model()) && !derives(table, reference.model())) {
                each.tree()
                        .problem("no write of %s gives a row of model %s a derived key, so there is nothing to refer to"
                                .formatted(reference.table(), reference.model()));
            }
        }
    }

    private static boolean derives(SourceTable.Mapped table, String model) {
        return table.writes().stream()
                .filter(write -> write.model().name().equals(model))
                .anyMatch(write -> write.key().containsValue(new Expression.Derived()));
    }
}
