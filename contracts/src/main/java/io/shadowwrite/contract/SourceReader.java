package io.shadowwrite.contract;

import io.shadowwrite.contract.SourceTable.Identity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the source tables: first all their shapes, because references look at each other's keys, then their writes. */
final class SourceReader {

    private final Map<String, TargetModel> models;

    private final Set<String> declaredModels;

    SourceReader(Map<String, TargetModel> models, Set<String> declaredModels) {
        this.models = models;
        this.declaredModels = declaredModels;
    }

    Map<QualifiedName, SourceTable> read(JsonTree tree) {
        Map<QualifiedName, SourceTable> sources = new LinkedHashMap<>();
        Map<QualifiedName, SourceShape> shapes = new LinkedHashMap<>();
        Map<String, JsonTree> entries = tree.entries();
        entries.forEach((text, source) -> {
            QualifiedName name = Names.table(source, text);
            if (name != null && source.has("unmapped")) {
                sources.put(name, unmapped(name, source));
            } else if (name != null) {
                shapes.put(name, shape(name, source));
            }
        });
        if (tree.node().isObject() && entries.isEmpty()) {
            tree.problem("at least one source table is needed");
        }
        ReferenceReader references = new ReferenceReader(shapes, entries.keySet(), declaredModels);
        Map<QualifiedName, SourceTable.Mapped> mapped = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> mapped.put(name, mapped(shape, references)));
        references.checkDerived(mapped, models.keySet());
        sources.putAll(mapped);
        return inFileOrder(entries.keySet(), sources);
    }

    private static Map<QualifiedName, SourceTable> inFileOrder(
            Set<String> names, Map<QualifiedName, SourceTable> sources) {
        Map<QualifiedName, SourceTable> ordered = new LinkedHashMap<>();
        for (String name : names) {
            sources.forEach((table, source) -> {
                if (table.toString().equals(name)) {
                    ordered.put(table, source);
                }
            });
        }
        return ordered;
    }

    private static SourceTable.Unmapped unmapped(QualifiedName name, JsonTree tree) {
        tree.members(List.of("unmapped"), List.of());
        JsonTree reason = tree.get("unmapped");
        String text = reason.text();
        if (reason.node().isString() && text.isBlank()) {
            reason.problem("say why the table is out of scope");
        }
        return new SourceTable.Unmapped(name, text);
    }

    private static SourceShape shape(QualifiedName name, JsonTree tree) {
        tree.members(List.of("columns", "key", "writes"), List.of("identity", "filter"));
        Map<String, ColumnType> columns = Columns.read(tree.get("columns"));
        return new SourceShape(
                name, columns, Columns.key(tree.get("key"), columns), identity(tree.get("identity")), tree);
    }

    private static Identity identity(JsonTree tree) {
        String text = tree.text();
        for (Identity identity : Identity.values()) {
            if (identity.name().toLowerCase(Locale.ROOT).equals(text)) {
                return identity;
            }
        }
        if (tree.node().isString()) {
            tree.problem("unknown identity '%s'%s"
                    .formatted(text, Suggestion.of(text, List.of("default", "full", "index"))));
        }
        return Identity.DEFAULT;
    }

    private SourceTable.Mapped mapped(SourceShape shape, ReferenceReader references) {
        JsonTree tree = shape.tree();
        Filter filter = tree.has("filter") ? new FilterReader(shape).read(tree.get("filter")) : null;
        WriteReader reader = new WriteReader(shape, models, declaredModels, references);
        List<Write> writes = new ArrayList<>();
        List<JsonTree> items = tree.get("writes").items();
        for (int index = 0; index < items.size(); index++) {
            Write write = reader.read(items.get(index), index, filter);
            if (write != null) {
                reportSameModel(items.get(index), write, writes);
                writes.add(write);
            }
        }
        if (items.isEmpty() && tree.get("writes").node().isArray()) {
            tree.get("writes").problem("a table without writes is {\"unmapped\": \"the reason\"}");
        }
        return new SourceTable.Mapped(shape.name(), shape.columns(), shape.key(), shape.identity(), filter, writes);
    }

    /** The key map keeps one place of a source row in each model. */
    private static void reportSameModel(JsonTree place, Write write, List<Write> before) {
        @Nullable Write same = before.stream()
                .filter(other -> other.model().name().equals(write.model().name()))
                .findFirst()
                .orElse(null);
        if (same != null) {
            place.problem(
                    "writes %d and %d of this table both go to model %s, and a source row has one place in a model; make them one write"
                            .formatted(
                                    same.index(), write.index(), write.model().name()));
        }
    }
}
