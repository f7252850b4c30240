package io.shadowwrite.api.target;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.start.StartRefused;
import io.shadowwrite.api.target.Catalog.Column;
import io.shadowwrite.api.target.Catalog.Index;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.TargetModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares the contract's models with the tables that are there, before the first write and all of them at once. */
public final class TargetInspection {

    private static final Set<String> TIMES = Set.of("timestamp with time zone", "timestamp without time zone");

    private final Catalog catalog;
    private final List<String> problems = new ArrayList<>();

    private TargetInspection(Catalog catalog) {
        this.catalog = catalog;
    }

    /**
     * Inspects every model.
     *
     * @throws StartRefused with every problem found
     */
    public static void inspect(Contract contract, ShadowDatabase database) {
        TargetInspection inspection = new TargetInspection(new Catalog(database));
        contract.models().values().forEach(inspection::inspect);
        if (!inspection.problems.isEmpty()) {
            throw StartRefused.invalid("the target does not fit the contract", inspection.problems);
        }
    }

    private void inspect(TargetModel model) {
        Map<String, Column> there = catalog.columns(model.table());
        if (there.isEmpty()) {
            problems.add("model %s: table %s does not exist, or shadow.target.user may not see it"
                    .formatted(model.name(), model.table()));
            return;
        }
        Map<String, Set<String>> wanted = wantedColumns(model);
        wanted.forEach((name, types) -> inspectColumn(model, name, types, there));
        there.forEach((name, column) -> {
            if (column.mustBeSet() && !wanted.containsKey(name)) {
                problems.add(
                        "model %s: column %s of %s is NOT NULL without a default, and the contract does not write it"
                                .formatted(model.name(), name, model.table()));
            }
        });
        inspectKey(model, there);
        catalog.unfitKeys(model.table(), model.key()).forEach(unfit -> inspectSpelling(model, unfit));
        inspectIndexes(model, catalog.indexes(model.table()));
    }

    /** No unique index minds a NULL, and no page of a read comes past one. */
    private void inspectKey(TargetModel model, Map<String, Column> there) {
        for (String name : model.key()) {
            Column column = there.get(name);
            if (column != null && column.nullable()) {
                problems.add(
                        "model %s: key column %s of %s may be NULL; run: ALTER TABLE %s ALTER COLUMN %s SET NOT NULL;"
                                .formatted(
                                        model.name(),
                                        name,
                                        model.table(),
                                        model.table().quoted(),
                                        QualifiedName.quote(name)));
            }
        }
    }

    private void inspectSpelling(TargetModel model, Catalog.UnfitKey unfit) {
        problems.add(
                "model %s: key column %s of %s %s, so that keys may be equal that are spelled differently; use a column of another %s as the key"
                        .formatted(
                                model.name(),
                                unfit.column(),
                                model.table(),
                                unfit.byCollation()
                                        ? "has a collation that is not deterministic"
                                        : "is of type " + unfit.type(),
                                unfit.byCollation() ? "collation" : "type"));
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
        if (column == null) {
            problems.add("model %s: table %s has no column %s".formatted(model.name(), model.table(), name));
        } else if (column.generated()) {
            problems.add("model %s: column %s of %s is generated; leave it out of the contract"
                    .formatted(model.name(), name, model.table()));
        } else if (types.stream().noneMatch(type -> unquoted(type).equals(unquoted(column.type())))) {
            problems.add("model %s: column %s of %s has type %s, the contract needs %s"
                    .formatted(model.name(), name, model.table(), column.type(), String.join(" or ", types)));
        }
    }

    /** The contract quotes every name of a user's type, the catalog only those that need it. */
    private static String unquoted(String type) {
        return type.replace("\"", "");
    }

    private void inspectIndexes(TargetModel model, List<Index> indexes) {
        switch (model) {
            case TargetModel.Scd2 scd2 -> inspectVersions(scd2, indexes);
            case TargetModel.Crud _, TargetModel.Junction _ -> {
                if (indexes.stream()
                        .noneMatch(index -> index.enforces() && wholeTable(index) && index.isOn(model.key()))) {
                    problems.add(missing(model, "unique index on its key", "UNIQUE ", model.key(), ""));
                }
            }
        }
    }

    private void inspectVersions(TargetModel.Scd2 model, List<Index> indexes) {
        String open = "%s IS NULL".formatted(QualifiedName.quote(model.validTo()));
        if (indexes.stream()
                .noneMatch(index -> index.enforces() && index.isOn(model.key()) && onlyOpen(index, model))) {
            problems.add(missing(
                    model, "unique index that allows one current version", "UNIQUE ", model.key(), " WHERE " + open));
        }
        if (indexes.stream().noneMatch(index -> wholeTable(index) && index.beginsWith(model.key()))) {
            List<String> columns = new ArrayList<>(model.key());
            columns.add(model.validFrom());
            problems.add(missing(model, "index on its history, every write would scan it", "", columns, ""));
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

    private static String missing(TargetModel model, String what, String unique, List<String> columns, String where) {
        return "model %s: table %s has no %s; run: CREATE %sINDEX ON %s (%s)%s;"
                .formatted(
                        model.name(),
                        model.table(),
                        what,
                        unique,
                        model.table().quoted(),
                        columns.stream().map(QualifiedName::quote).collect(Collectors.joining(", ")),
                        where);
    }
}
