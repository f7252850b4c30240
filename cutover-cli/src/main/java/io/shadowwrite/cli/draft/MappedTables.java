package io.shadowwrite.cli.draft;

import io.shadowwrite.cli.draft.MappedDraft.Settings;
import io.shadowwrite.cli.draft.MappedDraft.Sides;
import io.shadowwrite.contract.QualifiedName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which tables of the source a draft maps, and where to.
 *
 * @param all those that a contract can name
 * @param obstacles why some of them cannot be mapped, by table
 * @param unfedColumns of the tables of the target that nothing comes to, without case and separators
 * @param todos what was noticed on the way
 */
record MappedTables(
        List<CatalogTable> all,
        Map<CatalogTable, String> obstacles,
        TableMatching matching,
        Map<QualifiedName, Set<String>> unfedColumns,
        List<Todo> todos) {

    /** Tables in which tools keep what they have done to a database; the target has its own. */
    private static final Set<String> TOOLS = Set.of(
            "flyway_schema_history",
            "databasechangelog",
            "databasechangeloglock",
            "schema_migrations",
            "ar_internal_metadata",
            "alembic_version",
            "django_migrations",
            "__efmigrationshistory",
            "knex_migrations",
            "knex_migrations_lock",
            "_prisma_migrations",
            "goose_db_version");

    static MappedTables of(Sides sides, Settings settings) {
        List<Todo> todos = new ArrayList<>();
        List<CatalogTable> all = new ArrayList<>();
        Map<CatalogTable, String> obstacles = new LinkedHashMap<>();
        for (CatalogTable table : sides.sources()) {
            if (Obstacles.canBeNamed(table)) {
                all.add(table);
                obstacle(table, settings).ifPresent(obstacle -> obstacles.put(table, obstacle));
            } else {
                todos.add(Todo.at(Obstacles.unnamed(table), "sources"));
            }
        }
        List<TargetTable> targets = sides.targets().stream()
                .filter(table -> !isOfTool(table.name())
                        && (settings.targetSchemas().isEmpty()
                                || settings.targetSchemas()
                                        .contains(table.name().schema())))
                .toList();
        misspelled(sides, settings)
                .forEach(schema -> todos.add(
                        Todo.at("schema %s has no table; check how it is spelled".formatted(schema), "sources")));
        List<CatalogTable> free =
                all.stream().filter(table -> !obstacles.containsKey(table)).toList();
        TableMatching matching = TableMatching.of(free, targets, wanted(sides, settings, free, targets));
        return new MappedTables(all, obstacles, matching, folded(matching.unfed()), todos);
    }

    private static Optional<String> obstacle(CatalogTable table, Settings settings) {
        return isOfTool(table.name())
                ? Optional.of("is where a tool keeps what it has done to this database")
                : Obstacles.of(table, settings.schemas());
    }

    private static boolean isOfTool(QualifiedName table) {
        return TOOLS.contains(table.name().toLowerCase(Locale.ROOT));
    }

    private static List<String> misspelled(Sides sides, Settings settings) {
        List<String> schemas = new ArrayList<>(settings.schemas());
        schemas.removeIf(schema ->
                sides.sources().stream().anyMatch(table -> table.name().schema().equals(schema)));
        List<String> ofTarget = new ArrayList<>(settings.targetSchemas());
        ofTarget.removeIf(schema ->
                sides.targets().stream().anyMatch(table -> table.name().schema().equals(schema)));
        schemas.addAll(ofTarget);
        return schemas;
    }

    private static List<TableMatch> wanted(
            Sides sides, Settings settings, List<CatalogTable> free, List<TargetTable> targets) {
        List<String> problems = new ArrayList<>();
        List<TableMatch> wanted = new ArrayList<>();
        for (String text : settings.matches()) {
            int sign = text.indexOf('=');
            CatalogTable source =
                    sign < 0 ? null : sides.source(text.substring(0, sign)).orElse(null);
            TargetTable target =
                    sign < 0 ? null : sides.target(text.substring(sign + 1)).orElse(null);
            if (source == null || target == null) {
                problems.add("--match %s: %s".formatted(text, missing(sign, source == null)));
            } else if (!free.contains(source) || !targets.contains(target)) {
                problems.add("--match %s: %s".formatted(text, closed(settings, source, free)));
            } else if (wanted.stream().anyMatch(match -> Objects.equals(match.target(), target))) {
                problems.add("--match %s: the table is matched already; add the second write by hand".formatted(text));
            } else {
                wanted.add(new TableMatch(source, target, "--match"));
            }
        }
        if (!problems.isEmpty()) {
            throw new DraftRefused("these matches are not possible; no file was written", problems);
        }
        return wanted;
    }

    private static String missing(int sign, boolean ofSource) {
        return sign < 0
                ? "write it as SCHEMA.TABLE=SCHEMA.TABLE, the source first"
                : "the %s has no such table".formatted(ofSource ? "source" : "target");
    }

    private static String closed(Settings settings, CatalogTable source, List<CatalogTable> free) {
        return free.contains(source)
                ? "the table of the target is outside of the schemas that were asked for, or that of a tool"
                : "%s %s"
                        .formatted(source.name(), obstacle(source, settings).orElse("cannot be written in a contract"));
    }

    /** What to do about a table that no rule has matched, with what it might go to. */
    String unmatched(CatalogTable table) {
        String form = NameRule.PREFIX_AND_NUMBER.form(table.name());
        List<QualifiedName> called = matching.unfed().stream()
                .map(TargetTable::name)
                .filter(target -> NameRule.PREFIX_AND_NUMBER.form(target).equals(form))
                .toList();
        if (!called.isEmpty()) {
            return "the names do not decide whether %s goes to %s; say --match".formatted(table.name(), called);
        }
        String alike = mostAlike(table)
                .map(target -> ", though %s has %d columns like it".formatted(target, shared(table, target)))
                .orElse("");
        return "no table of the target is called like %s%s; say --match %s=SCHEMA.TABLE, or why it stays behind"
                .formatted(table.name(), alike, table.name());
    }

    /** The table that shares most columns, if they are half of this one's. */
    private Optional<QualifiedName> mostAlike(CatalogTable table) {
        return unfedColumns.keySet().stream()
                .max(Comparator.comparingInt(target -> shared(table, target)))
                .filter(target -> shared(table, target) > 1
                        && shared(table, target) * 2 >= table.columns().size());
    }

    private int shared(CatalogTable source, QualifiedName target) {
        Set<String> there = unfedColumns.getOrDefault(target, Set.of());
        return (int) source.columns().stream()
                .filter(column -> there.contains(Words.of(column.name()).folded()))
                .count();
    }

    private static Map<QualifiedName, Set<String>> folded(List<TargetTable> tables) {
        Map<QualifiedName, Set<String>> names = new LinkedHashMap<>();
        tables.forEach(table -> names.put(
                table.name(),
                table.columns().stream()
                        .map(column -> Words.of(column.name()).folded())
                        .collect(Collectors.toSet())));
        return names;
    }
}
