package io.shadowwrite.cli.draft;

import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.fit.TargetFit;
import io.shadowwrite.replication.StreamProblem;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A contract from a source to a target with a schema of its own. What names, types and keys do not decide is left out of it
 * and listed; it can be loaded all the same.
 *
 * @param contract the file
 * @param decisions a line for each match and each column whose counterpart is not called like it, with the rule
 * @param todos what is left to people
 */
public record MappedDraft(String contract, List<String> decisions, List<Todo> todos) {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    public MappedDraft {
        decisions = List.copyOf(decisions);
        todos = List.copyOf(todos);
    }

    /**
     * What people have decided beforehand.
     *
     * @param name of the migration
     * @param schemas of the source; all when none is named
     * @param targetSchemas of the target; all when none is named
     * @param matches tables that belong together, each as {@code schema.table=schema.table}
     * @param zone of timestamps of the source that have none; null when nobody knows
     */
    public record Settings(
            String name,
            List<String> schemas,
            List<String> targetSchemas,
            List<String> matches,
            @Nullable String zone) {

        public Settings {
            schemas = List.copyOf(schemas);
            targetSchemas = List.copyOf(targetSchemas);
            matches = List.copyOf(matches);
        }
    }

    /**
     * Drafts it.
     *
     * @throws StreamProblem when the source cannot be asked
     * @throws TargetProblem when the target cannot be asked
     * @throws DraftRefused when a match names no table, or when no table of the source has a counterpart
     */
    public static MappedDraft of(Connection source, Connection target, Settings settings) {
        Sides sides = Sides.read(source, target);
        Conversion conversion = new Conversion(sides.sourceTypes(), sides.targetTypes(), settings.zone());
        MappedTables tables = MappedTables.of(sides, settings);
        Map<TableMatch, KeyPlan> plans =
                KeyPlanning.of(tables.matching().matches(), sides.foreignKeys(), conversion, new ModelNames()::of);
        MappedFile file = new MappedFile(settings.name());
        List<Todo> todos = new ArrayList<>(tables.todos());
        for (CatalogTable table : tables.all()) {
            new SourceDrafting(table, tables, plans, sides.foreignKeys(), conversion, file, todos).draft();
        }
        tables.matching()
                .unfed()
                .forEach(unfed -> todos.add(Todo.at(
                        "no table of the source feeds %s; if one should, say --match SCHEMA.TABLE=%s"
                                .formatted(unfed.name(), unfed.name()),
                        "models")));
        todos.addAll(file.settle());
        ObjectNode root = file.root();
        if (root.path("models").isEmpty()) {
            throw new DraftRefused(
                    "no table of the source has a counterpart in the target; no file was written",
                    todos.stream().map(Todo::decide).toList());
        }
        String contract = MAPPER.writeValueAsString(root) + "\n";
        todos.addAll(misfits(contract, target));
        return new MappedDraft(
                contract,
                file.decisions(),
                todos.stream().map(todo -> todo.within(root)).toList());
    }

    /**
     * What the tables of the target lack, by the rule of the program that writes them; what the role may is another matter,
     * and what no expression fills is told with its reason.
     */
    private static List<Todo> misfits(String contract, Connection target) {
        try {
            return TargetFit.problems(
                            new ContractReader().read("draft", contract.getBytes(StandardCharsets.UTF_8)), target)
                    .stream()
                    .filter(misfit -> !misfit.pointer().endsWith("/table")
                            && !misfit.pointer().endsWith("/columns"))
                    .map(misfit -> new Todo(misfit.pointer(), misfit.toString()))
                    .toList();
        } catch (SQLException e) {
            throw TargetProblem.of("reading the tables of the target", e);
        }
    }

    /** Everything that is read, so that the rest needs no connection. */
    record Sides(
            List<CatalogTable> sources,
            Map<QualifiedName, List<ForeignKey>> foreignKeys,
            NamedTypes sourceTypes,
            List<TargetTable> targets,
            NamedTypes targetTypes) {

        private static Sides read(Connection source, Connection target) {
            List<CatalogTable> sources = new SourceCatalog(source).tables();
            List<TargetTable> targets = new TargetCatalog(target).tables();
            try {
                return new Sides(
                        sources, new ForeignKeys(source).all(), NamedTypes.of(source), targets, targetTypes(target));
            } catch (SQLException e) {
                throw StreamProblem.of("reading the catalog of the source", e);
            }
        }

        private static NamedTypes targetTypes(Connection target) {
            try {
                return NamedTypes.of(target);
            } catch (SQLException e) {
                throw TargetProblem.of("reading the types of the target", e);
            }
        }

        Optional<CatalogTable> source(String name) {
            return sources.stream()
                    .filter(table -> table.name().toString().equals(name))
                    .findFirst();
        }

        Optional<TargetTable> target(String name) {
            return targets.stream()
                    .filter(table -> table.name().toString().equals(name))
                    .findFirst();
        }
    }
}
