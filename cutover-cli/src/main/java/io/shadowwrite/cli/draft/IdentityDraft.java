package io.shadowwrite.cli.draft;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.contract.QualifiedName;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A contract that copies every table of a source as it is, and the statements that create such a target. What cannot be
 * copied is left out and listed.
 *
 * @param contract the file
 * @param ddl statements that create the target's schemas, types and tables; without foreign keys, defaults and triggers,
 *     because the source has decided already
 * @param todos what was left out, a line each, with what somebody has to do or to decide
 */
public record IdentityDraft(String contract, String ddl, List<String> todos) {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** In bytes, as for every name in a contract. */
    private static final int LONGEST_NAME = 63;

    /** Schemas that shadow-api has in the target. */
    private static final List<String> OURS = List.of("shadow", "provenance");

    public IdentityDraft {
        todos = List.copyOf(todos);
    }

    /**
     * Drafts it for the tables of these schemas, or of all when none is named; what is in other schemas is listed in the
     * contract as unmapped, because a reader halts at a table that the contract does not name.
     *
     * @param name of the migration
     * @throws io.shadowwrite.replication.StreamProblem when the source cannot be asked
     * @throws DraftRefused when no table can be copied
     */
    public static IdentityDraft of(Connection source, String name, List<String> schemas) {
        List<CatalogTable> tables = new SourceCatalog(source).tables();
        Drafting drafting = new Drafting(name, schemas);
        schemas.stream()
                .filter(schema ->
                        tables.stream().noneMatch(table -> table.name().schema().equals(schema)))
                .forEach(schema ->
                        drafting.todos.add("schema %s has no table; check how it is spelled".formatted(schema)));
        List<CatalogTable> copied = tables.stream().filter(drafting::copy).toList();
        if (copied.isEmpty()) {
            throw new DraftRefused("no table can be copied; no file was written", drafting.todos);
        }
        String file = MAPPER.writeValueAsString(drafting.root) + "\n";
        Contract read = new ContractReader().read("draft", file.getBytes(StandardCharsets.UTF_8));
        return new IdentityDraft(file, ddl(read, copied, new UserTypes(source).of(copied)), drafting.todos);
    }

    private static String ddl(Contract contract, List<CatalogTable> copied, List<UserTypes.Creation> types) {
        TreeSet<String> schemas = new TreeSet<>();
        types.forEach(type -> schemas.add(type.schema()));
        copied.forEach(table -> schemas.add(table.name().schema()));
        schemas.removeIf(schema -> schema.equals("public") || schema.equals("pg_catalog"));
        Stream<String> statements = Stream.of(
                        Stream.of("-- A target for contract %s: its tables as the source has them."
                                .formatted(contract.name())),
                        Stream.of("BEGIN;"),
                        schemas.stream()
                                .map(schema ->
                                        "CREATE SCHEMA IF NOT EXISTS %s;".formatted(QualifiedName.quote(schema))),
                        types.stream().map(UserTypes.Creation::sql),
                        copied.stream().map(IdentityDraft::table),
                        Stream.of("COMMIT;"))
                .flatMap(part -> part);
        return statements.collect(Collectors.joining("\n\n", "", "\n"));
    }

    private static String table(CatalogTable table) {
        String columns = table.columns().stream()
                .map(column -> "  %s %s%s"
                        .formatted(
                                QualifiedName.quote(column.name()), column.type(), column.notNull() ? " NOT NULL" : ""))
                .collect(Collectors.joining(",\n"));
        return "CREATE TABLE %s (%n%s,%n  PRIMARY KEY (%s)%n);"
                .formatted(
                        table.name().quoted(),
                        columns,
                        table.key().stream().map(QualifiedName::quote).collect(Collectors.joining(", ")));
    }

    /** The file as it grows. */
    private static final class Drafting {

        private final ObjectNode root = MAPPER.createObjectNode();
        private final ObjectNode models;
        private final ObjectNode sources;
        private final List<String> schemas;
        private final List<String> todos = new ArrayList<>();

        Drafting(String name, List<String> schemas) {
            root.put("version", 1).put("name", name);
            models = root.putObject("models");
            sources = root.putObject("sources");
            this.schemas = schemas;
        }

        /** Adds the table to the file; false when it cannot be copied. */
        boolean copy(CatalogTable table) {
            String name = table.name().toString();
            if (!Obstacles.canBeNamed(table)) {
                todos.add(Obstacles.unnamed(table));
                return false;
            }
            Optional<String> obstacle = obstacle(table);
            if (obstacle.isPresent()) {
                todos.add("%s is not copied: %s".formatted(name, obstacle.get()));
                sources.putObject(name).put("unmapped", obstacle.get());
                return false;
            }
            String model = modelName(table.name());
            columns(models.putObject(model).put("kind", "crud").put("table", name), table);
            ObjectNode source = columns(sources.putObject(name), table)
                    .put("identity", table.identity().name().toLowerCase(Locale.ROOT));
            ObjectNode write = source.putArray("writes").addObject().put("model", model);
            ObjectNode key = write.putObject("key");
            ObjectNode set = write.putObject("set");
            table.columns()
                    .forEach(column -> (table.key().contains(column.name()) ? key : set)
                            .putObject(column.name())
                            .put("column", column.name()));
            return true;
        }

        /** The table's name, with its schema where another schema has one like it and the length allows. */
        private String modelName(QualifiedName table) {
            return Stream.concat(
                            Stream.of(table.name(), table.toString())
                                    .filter(name -> name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME),
                            Stream.iterate(2, number -> number + 1).map("model %d"::formatted))
                    .filter(name -> !models.has(name))
                    .findFirst()
                    .orElseThrow();
        }

        private Optional<String> obstacle(CatalogTable table) {
            if (OURS.contains(table.name().schema())) {
                return Optional.of("shadow-api has a schema %s of its own in the target"
                        .formatted(table.name().schema()));
            }
            return Obstacles.of(table, schemas);
        }

        private static ObjectNode columns(ObjectNode owner, CatalogTable table) {
            ArrayNode key = owner.putArray("key");
            table.key().forEach(key::add);
            ObjectNode columns = owner.putObject("columns");
            table.columns().forEach(column -> columns.put(column.name(), column.type()));
            return owner;
        }
    }
}
