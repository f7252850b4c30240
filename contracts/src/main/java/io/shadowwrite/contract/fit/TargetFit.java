package io.shadowwrite.contract.fit;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.JsonPointer;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.contract.fit.TableCatalog.Column;
import io.shadowwrite.contract.fit.TableCatalog.Index;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares the contract's models with the tables that are there: the one rule of what can be written, for the program that
 * writes and for whoever asks before.
 */
public final class TargetFit {

    private static final Set<String> TIMES = Set.of("timestamp with time zone", "timestamp without time zone");

    private final TableCatalog catalog;
    private final List<Misfit> problems = new ArrayList<>();
    private final Set<String> closedSchemas = new HashSet<>();

    private TargetFit(TableCatalog catalog) {
        this.catalog = catalog;
    }

    /**
     * Every problem of every model; none when all of them can be written.
     *
     * @param target a connection with an empty search path, which stays open
     */
    public static List<Misfit> problems(Contract contract, Connection target) throws SQLException {
        TargetFit fit = new TargetFit(new TableCatalog(target));
        for (TargetModel model : contract.models().values()) {
            fit.inspect(model);
        }
        return List.copyOf(fit.problems);
    }

    /**
     * The models whose tables let several current rows of one key by, as far as their indexes tell; none when none does.
     *
     * @param target as for {@link #problems}
     */
    public static List<Misfit> unguarded(Contract contract, Connection target) throws SQLException {
        TargetFit fit = new TargetFit(new TableCatalog(target));
        for (TargetModel model : contract.models().values()) {
            fit.inspectUniqueness(model, fit.catalog.indexes(model.table()));
        }
        return List.copyOf(fit.problems);
    }

    private void inspect(TargetModel model) throws SQLException {
        Map<String, Column> there = catalog.columns(model.table());
        if (there.isEmpty()) {
            problems.add(Misfit.of(
                    at(model, "table"),
                    "model %s: table %s does not exist".formatted(model.name(), model.table()),
                    "create it, or name another one"));
            return;
        }
        Map<String, Set<String>> wanted = wantedColumns(model);
        wanted.forEach((name, types) -> inspectColumn(model, name, types, there));
        there.forEach((name, column) -> {
            if (column.mustBeSet() && !wanted.containsKey(name)) {
                problems.add(Misfit.of(
                        at(model, "columns"),
                        "model %s: column %s of %s is NOT NULL without a default, and the contract does not write it"
                                .formatted(model.name(), name, model.table()),
                        "write it, or give it a default"));
            }
        });
        inspectRights(model, catalog.rights(model.table()));
        inspectKey(model, there);
        catalog.unfitKeys(model.table(), model.key()).forEach(unfit -> inspectSpelling(model, unfit));
        inspectIndexes(model, catalog.indexes(model.table()));
    }

    private void inspectRights(TargetModel model, TableCatalog.Rights rights) {
        String schema = model.table().schema();
        if (!rights.mayEnter() && closedSchemas.add(schema)) {
            problems.add(Misfit.mended(
                    at(model, "table"),
                    "role %s may not use schema %s".formatted(rights.role(), schema),
                    "GRANT USAGE ON SCHEMA %s TO %s;".formatted(QualifiedName.quote(schema), rights.role())));
        }
        if (!rights.denied().isEmpty()) {
            String denied = String.join(", ", rights.denied());
            problems.add(Misfit.mended(
                    at(model, "table"),
                    "model %s: role %s may not %s on %s".formatted(model.name(), rights.role(), denied, model.table()),
                    "GRANT %s ON %s TO %s;".formatted(denied, model.table().quoted(), rights.role())));
        }
    }

    /** No unique index minds a NULL, and no page of a read comes past one. */
    private void inspectKey(TargetModel model, Map<String, Column> there) {
        for (String name : model.key()) {
            Column column = there.get(name);
            if (column != null && column.nullable()) {
                problems.add(Misfit.mended(
                        at(model, "key"),
                        "model %s: key column %s of %s may be NULL".formatted(model.name(), name, model.table()),
                        "ALTER TABLE %s ALTER COLUMN %s SET NOT NULL;"
                                .formatted(model.table().quoted(), QualifiedName.quote(name))));
            }
        }
    }

    private void inspectSpelling(TargetModel model, TableCatalog.UnfitKey unfit) {
        problems.add(Misfit.of(
                at(model, "key"),
                "model %s: key column %s of %s %s, so that keys may be equal that are spelled differently"
                        .formatted(
                                model.name(),
                                unfit.column(),
                                model.table(),
                                unfit.byCollation()
                                        ? "has a collation that is not deterministic"
                                        : "is of type " + unfit.type()),
                "use a column of another %s as the key".formatted(unfit.byCollation() ? "collation" : "type")));
    }

    /** Every column that is written, with the types it may have. */
    private static Map<String, Set<String>> wantedColumns(TargetModel model) {
        Map<String, Set<String>> wanted = new LinkedHashMap<>();
        model.columns().forEach((name, type) -> wanted.put(name, Set.of(type.sql())));
        if (model instanceof TargetModel.Scd2 scd2) {
            wanted.put(scd2.validFrom(), TIMES);
            wanted.put(scd2.validTo(), TIMES);
            if (scd2.archived() != null) {
                wanted.put(scd2.archived(), Set.of("boolean"));
            }
        }
        return wanted;
    }

    private void inspectColumn(TargetModel model, String name, Set<String> types, Map<String, Column> there) {
        Column column = there.get(name);
        String pointer = model.columns().containsKey(name) ? at(model, "columns", name) : at(model);
        if (column == null) {
            problems.add(Misfit.mended(
                    pointer,
                    "model %s: table %s has no column %s".formatted(model.name(), model.table(), name),
                    "ALTER TABLE %s ADD COLUMN %s %s;"
                            .formatted(
                                    model.table().quoted(),
                                    QualifiedName.quote(name),
                                    types.contains("timestamp with time zone")
                                            ? "timestamp with time zone"
                                            : String.join("", types))));
        } else if (column.generated()) {
            problems.add(Misfit.of(
                    pointer,
                    "model %s: column %s of %s is generated".formatted(model.name(), name, model.table()),
                    "leave it out of the contract"));
        } else if (column.identityAlways()) {
            problems.add(Misfit.mended(
                    pointer,
                    "model %s: column %s of %s is GENERATED ALWAYS, so no row can bring a value for it"
                            .formatted(model.name(), name, model.table()),
                    "ALTER TABLE %s ALTER COLUMN %s SET GENERATED BY DEFAULT;"
                            .formatted(model.table().quoted(), QualifiedName.quote(name))));
        } else if (types.stream().noneMatch(type -> unquoted(type).equals(unquoted(column.type())))) {
            problems.add(Misfit.of(
                    pointer,
                    "model %s: column %s of %s has type %s, the contract needs %s"
                            .formatted(model.name(), name, model.table(), column.type(), String.join(" or ", types)),
                    "change one of them"));
        }
    }

    /** The contract quotes every name of a user's type, the catalog only those that need it. */
    private static String unquoted(String type) {
        return type.replace("\"", "");
    }

    private void inspectIndexes(TargetModel model, List<Index> indexes) {
        inspectUniqueness(model, indexes);
        if (model instanceof TargetModel.Scd2 scd2
                && indexes.stream().noneMatch(index -> wholeTable(index) && index.beginsWith(model.key()))) {
            List<String> columns = new ArrayList<>(model.key());
            columns.add(scd2.validFrom());
            problems.add(missing(model, "index on its history, every write would scan it", "", columns, ""));
        }
    }

    private void inspectUniqueness(TargetModel model, List<Index> indexes) {
        List<Index> unique = indexes.stream()
                .filter(index -> index.enforces() && index.isOn(model.key()))
                .toList();
        switch (model) {
            case TargetModel.Scd2 scd2 -> {
                if (unique.stream().noneMatch(index -> onlyOpen(index, scd2))) {
                    String open = " WHERE %s IS NULL".formatted(QualifiedName.quote(scd2.validTo()));
                    problems.add(missing(
                            model, "unique index that allows one current version", "UNIQUE ", model.key(), open));
                }
            }
            case TargetModel.Crud _, TargetModel.Junction _ -> {
                if (unique.stream().noneMatch(TargetFit::wholeTable)) {
                    problems.add(missing(model, "unique index on its key", "UNIQUE ", model.key(), ""));
                }
            }
        }
    }

    private static boolean wholeTable(Index index) {
        return index.predicate() == null;
    }

    /** The catalog spells it with parentheses, quoted where needed. */
    private static boolean onlyOpen(Index index, TargetModel.Scd2 model) {
        String predicate = index.predicate();
        return predicate != null
                && (predicate.equalsIgnoreCase("(%s IS NULL)".formatted(model.validTo()))
                        || predicate.equalsIgnoreCase("(%s IS NULL)".formatted(QualifiedName.quote(model.validTo()))));
    }

    private static Misfit missing(TargetModel model, String what, String unique, List<String> columns, String where) {
        return Misfit.mended(
                at(model, "key"),
                "model %s: table %s has no %s".formatted(model.name(), model.table(), what),
                "CREATE %sINDEX ON %s (%s)%s;"
                        .formatted(
                                unique,
                                model.table().quoted(),
                                columns.stream().map(QualifiedName::quote).collect(Collectors.joining(", ")),
                                where));
    }

    private static String at(TargetModel model, String... members) {
        return JsonPointer.of("models", model.name()).then(members).toString();
    }
}
