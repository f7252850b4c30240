package io.shadowwrite.cli.draft;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where a contract and a live source disagree. Every problem is one line that says what to change. */
public final class SourceFit {

    private final List<String> problems = new ArrayList<>();

    private SourceFit() {}

    /**
     * All problems; none when the contract describes every table of the source.
     *
     * @throws io.shadowwrite.replication.StreamProblem when the source cannot be asked
     */
    public static List<String> problems(Contract contract, Connection source) {
        Map<QualifiedName, CatalogTable> there = new LinkedHashMap<>();
        new SourceCatalog(source).tables().forEach(table -> there.put(table.name(), table));
        SourceFit fit = new SourceFit();
        contract.sources().values().forEach(table -> fit.compare(table, there));
        there.keySet().stream()
                .filter(name -> contract.source(name) == null)
                .forEach(name -> fit.problems.add(
                        "%s is in the source and not in the contract; map it, or say {\"unmapped\": \"the reason\"}"
                                .formatted(name)));
        return List.copyOf(fit.problems);
    }

    private void compare(SourceTable table, Map<QualifiedName, CatalogTable> there) {
        CatalogTable found = there.get(table.name());
        if (found == null) {
            problems.add(
                    "%s is in the contract and not in the source; create it, or take it out".formatted(table.name()));
        } else if (table instanceof SourceTable.Mapped mapped) {
            compare(mapped, found);
        }
    }

    private void compare(SourceTable.Mapped mapped, CatalogTable found) {
        if (found.problem() != null) {
            problems.add("%s: %s".formatted(mapped.name(), found.problem()));
        }
        if (found.identity() != mapped.identity()) {
            problems.add("%s has replica identity %s, the contract says %s; change one of them"
                    .formatted(mapped.name(), found.identity(), mapped.identity()));
        }
        if (found.problem() == null && !found.uniqueKeys().contains(Set.copyOf(mapped.key()))) {
            problems.add(
                    "%s has no unique index on exactly the contract's key %s, over columns that are NOT NULL; its own key is %s"
                            .formatted(mapped.name(), mapped.key(), found.key()));
        }
        mapped.columns()
                .forEach((name, type) -> found.column(name)
                        .ifPresentOrElse(
                                column -> compare(mapped, column, type),
                                () -> problems.add("%s has no column %s; take it out of the contract"
                                        .formatted(mapped.name(), name))));
        found.columns().stream()
                .filter(column -> !mapped.columns().containsKey(column.name()))
                .forEach(column -> problems.add("%s has a column %s (%s) that the contract does not name"
                        .formatted(mapped.name(), column.name(), column.type())));
    }

    private void compare(SourceTable.Mapped mapped, CatalogTable.Column column, ColumnType type) {
        String written;
        try {
            written = ColumnType.parse(column.type()).sql();
        } catch (IllegalArgumentException noSuchSpelling) {
            written = column.type();
        }
        if (!written.equals(type.sql())) {
            problems.add("%s.%s is of type %s, the contract says %s"
                    .formatted(mapped.name(), column.name(), written, type.sql()));
        }
    }
}
