package io.shadowwrite.cli.draft;

import io.shadowwrite.cli.draft.TargetTable.Column;
import io.shadowwrite.contract.QualifiedName;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Drafts what becomes of one table of the source. */
final class SourceDrafting {

    private final CatalogTable table;
    private final MappedTables tables;
    private final Map<TableMatch, KeyPlan> plans;
    private final Map<QualifiedName, List<ForeignKey>> foreignKeys;
    private final Conversion conversion;
    private final MappedFile file;
    private final List<Todo> todos;
    private final Set<String> used = new HashSet<>();

    SourceDrafting(
            CatalogTable table,
            MappedTables tables,
            Map<TableMatch, KeyPlan> plans,
            Map<QualifiedName, List<ForeignKey>> foreignKeys,
            Conversion conversion,
            MappedFile file,
            List<Todo> todos) {
        this.table = table;
        this.tables = tables;
        this.plans = plans;
        this.foreignKeys = foreignKeys;
        this.conversion = conversion;
        this.file = file;
        this.todos = todos;
    }

    /** Adds the table to the file, with its models or with the reason why it has none. */
    void draft() {
        List<TableMatch> own = tables.matching().matches().stream()
                .filter(match -> match.source().equals(table))
                .toList();
        List<TableMatch> lost =
                own.stream().filter(match -> !plans.containsKey(match)).toList();
        lost.forEach(match -> todo(noKey(match)));
        if (lost.size() == own.size()) {
            unmapped(own);
            return;
        }
        file.add(table);
        for (TableMatch match : own) {
            KeyPlan plan = plans.get(match);
            if (plan != null) {
                write(plan);
            }
        }
        table.columns().stream()
                .map(CatalogTable.Column::name)
                .filter(column -> !used.contains(column) && !table.key().contains(column))
                .forEach(column -> todos.add(Todo.at(
                        "%s.%s%s goes nowhere; use it in a write, or leave it behind on purpose"
                                .formatted(
                                        table.name(),
                                        column,
                                        lostParent(column)
                                                .map(" refers to %s, which has no place in the target, and"::formatted)
                                                .orElse("")),
                        "sources",
                        table.name().toString(),
                        "columns",
                        column)));
    }

    private String why(Assignment.NoExpression no) {
        return lostParent(no.own())
                .map(", which refers to %s, and that has no place in the target"::formatted)
                .orElse(": " + no.why());
    }

    /** A column may have no place because what it refers to has none. */
    private Optional<QualifiedName> lostParent(String column) {
        return foreignKeys.getOrDefault(table.name(), List.of()).stream()
                .filter(key -> key.columns().contains(column))
                .map(ForeignKey::table)
                .filter(parent -> plans.keySet().stream()
                        .noneMatch(match -> match.source().name().equals(parent)))
                .findFirst();
    }

    private void unmapped(List<TableMatch> own) {
        String obstacle = tables.obstacles().get(table);
        if (obstacle != null) {
            todo("%s is not mapped: %s".formatted(table.name(), obstacle));
            file.unmapped(table.name(), obstacle);
        } else if (own.isEmpty()) {
            todo(tables.unmatched(table));
            file.unmapped(table.name(), "TODO: no table of the target is called like it");
        } else {
            file.unmapped(table.name(), "TODO: its key and that of the target have no expression in common");
        }
    }

    private void todo(String decide) {
        todos.add(Todo.at(decide, "sources", table.name().toString()));
    }

    private static String noKey(TableMatch match) {
        List<List<String>> keys = match.target().keys();
        return keys.isEmpty()
                ? "%s belongs to %s, which has no unique index over columns that are NOT NULL; add a primary key there"
                        .formatted(match.source().name(), match.target().name())
                : "%s belongs to %s, but nothing makes its key %s of %s; write the key, or change one of them"
                        .formatted(
                                match.source().name(),
                                match.target().name(),
                                keys.getFirst(),
                                match.source().key());
    }

    private void write(KeyPlan plan) {
        TableMatch match = plan.match();
        List<Column> open = match.written().stream()
                .filter(column -> !plan.key().containsKey(column.name()))
                .toList();
        List<Link> links = KeyPlanning.links(match, foreignKeys, plans.values());
        Assignment.Found found = Assignment.of(match, open, links, conversion);
        int index = file.add(plan, found.assigned());
        used.addAll(plan.uses());
        String[] write = {"sources", table.name().toString(), "writes", String.valueOf(index)};
        plan.doubts().forEach((column, doubt) -> doubtful(match, column, doubt, write, "key"));
        found.assigned().forEach((column, assigned) -> {
            used.addAll(assigned.uses());
            if (assigned.doubt() != null) {
                doubtful(match, column, assigned.doubt(), write, "set");
            }
        });
        open.stream()
                .filter(column -> !found.assigned().containsKey(column.name()))
                .forEach(column -> leftOut(match, column, found.undecided().get(column.name()), write));
        found.undecided().values().forEach(noExpression -> used.add(noExpression.own()));
    }

    private void doubtful(TableMatch match, String column, String doubt, String[] write, String part) {
        todos.add(Todo.at(
                "%s.%s: %s".formatted(match.target().name(), column, doubt),
                write[0],
                write[1],
                write[2],
                write[3],
                part,
                column));
    }

    private void leftOut(TableMatch match, Column column, Assignment.@Nullable NoExpression no, String[] write) {
        String then = column.mustBeSet()
                ? "it is NOT NULL without a default, and shadow-api does not start until it has an expression"
                : "it is left out, so it stays %s and is not compared"
                        .formatted(column.hasDefault() ? "at its default" : "NULL");
        todos.add(Todo.at(
                "%s.%s has %s; %s"
                        .formatted(
                                match.target().name(),
                                column.name(),
                                no == null
                                        ? "no counterpart in the source"
                                        : "no expression from %s%s".formatted(no.own(), why(no)),
                                then),
                write[0],
                write[1],
                write[2],
                write[3],
                "set"));
    }
}
