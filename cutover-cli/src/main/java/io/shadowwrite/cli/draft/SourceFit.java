package io.shadowwrite.cli.draft;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.JsonPointer;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.contract.fit.Misfit;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Where a contract and a live source disagree: tables, columns, keys, and what the WAL carries of old rows. */
public final class SourceFit {

    /** What has to come before SQL that changes a table in use: others queue behind whoever waits for its lock. */
    public static final String LOCK_BOUND = "SET lock_timeout = '5s';";

    /** How {@link SourceCatalog} begins what a GRANT mends. */
    private static final String GRANT = "GRANT ";

    private static final String UNREADABLE = "may not be read";

    /** How it begins what is said here of the contract's key. */
    private static final String KEYLESS = "has no unique index";

    private final SourceIdentities identities;
    private final List<Misfit> misfits = new ArrayList<>();

    private SourceFit(SourceIdentities identities) {
        this.identities = identities;
    }

    /**
     * All of them; none when the contract describes every table of the source.
     *
     * @throws io.shadowwrite.replication.StreamProblem when the source cannot be asked
     */
    public static List<Misfit> misfits(Contract contract, Connection source) {
        Map<QualifiedName, CatalogTable> there = new LinkedHashMap<>();
        new SourceCatalog(source).tables().forEach(table -> there.put(table.name(), table));
        SourceFit fit = new SourceFit(SourceIdentities.of(contract, source));
        contract.sources().values().forEach(table -> fit.compare(table, there));
        there.keySet().stream()
                .filter(name -> contract.source(name) == null)
                .forEach(name -> fit.misfits.add(Misfit.of(
                        "/sources",
                        "%s is in the source and not in the contract".formatted(name),
                        "map it, or say {\"unmapped\": \"the reason\"}")));
        return List.copyOf(fit.misfits);
    }

    private void compare(SourceTable table, Map<QualifiedName, CatalogTable> there) {
        CatalogTable found = there.get(table.name());
        if (table instanceof SourceTable.Mapped mapped) {
            List<Misfit> oldRows = identities.misfits(mapped);
            misfits.addAll(oldRows);
            if (found != null) {
                compare(mapped, found, oldRows);
            } else if (oldRows.isEmpty()) {
                misfits.add(absent(table));
            }
        } else if (found == null) {
            misfits.add(absent(table));
        } else if (found.problem() != null && found.problem().startsWith(UNREADABLE)) {
            // The verifier counts what is left out.
            misfits.add(obstacle(table, found.problem()));
        }
    }

    private static Misfit obstacle(SourceTable table, String obstacle) {
        String[] whatAndFix = obstacle.split("; ", 2);
        String fix = whatAndFix.length == 2 ? whatAndFix[1] : "change it, or say {\"unmapped\": \"the reason\"}";
        return new Misfit(
                true,
                at(table),
                "%s: %s".formatted(table.name(), whatAndFix[0]),
                fix,
                fix.startsWith(GRANT) ? fix : null);
    }

    private Misfit absent(SourceTable table) {
        QualifiedName root = identities.rootOfPartition(table.name());
        return root == null
                ? Misfit.of(
                        at(table),
                        "%s is in the contract and not in the source".formatted(table.name()),
                        "create it, or take it out")
                : Misfit.of(
                        at(table),
                        "%s is a partition of %s, under whose name all of its rows come".formatted(table.name(), root),
                        "write %s instead".formatted(root));
    }

    private void compare(SourceTable.Mapped mapped, CatalogTable found, List<Misfit> oldRows) {
        String obstacle = found.problem();
        if (obstacle != null && !obstacle.startsWith(KEYLESS) && !identities.explains(mapped, obstacle)) {
            misfits.add(obstacle(mapped, obstacle));
        }
        boolean getsKey = oldRows.stream()
                .map(misfit -> String.valueOf(misfit.sql()))
                .anyMatch(sql -> sql.contains(" ADD PRIMARY KEY ")
                        || sql.contains(" ON %s (".formatted(mapped.name().quoted())));
        if (!getsKey && !found.uniqueKeys().contains(Set.copyOf(mapped.key()))) {
            misfits.add(keyless(mapped, found));
        }
        mapped.columns()
                .forEach((name, type) -> found.column(name)
                        .ifPresentOrElse(
                                column -> compare(mapped, column, type),
                                () -> misfits.add(Misfit.of(
                                        at(mapped, "columns", name),
                                        "%s has no column %s".formatted(mapped.name(), name),
                                        "take it out of the contract"))));
        found.columns().stream()
                .filter(column -> !mapped.columns().containsKey(column.name()))
                .forEach(column -> misfits.add(Misfit.of(
                        at(mapped, "columns"),
                        "%s has a column %s (%s) that the contract does not name"
                                .formatted(mapped.name(), column.name(), column.type()),
                        "name it; a change of the table halts the readers otherwise")));
    }

    private Misfit keyless(SourceTable.Mapped mapped, CatalogTable found) {
        String what =
                "%s has no unique index on exactly the contract's key %s, over columns that are NOT NULL; its own key is %s"
                        .formatted(mapped.name(), mapped.key(), found.key());
        if (!identities.isPlain(mapped)) {
            return Misfit.of(
                    at(mapped, "key"),
                    what,
                    "build one on each partition with CONCURRENTLY and then one on the root, which attaches them; the partition key has to be in it, so choose another key otherwise");
        }
        String notNull = mapped.key().stream()
                .filter(name ->
                        found.column(name).filter(column -> !column.notNull()).isPresent())
                .map(name -> "ALTER TABLE %s ALTER COLUMN %s SET NOT NULL; "
                        .formatted(mapped.name().quoted(), QualifiedName.quote(name)))
                .collect(Collectors.joining());
        return Misfit.mended(
                at(mapped, "key"),
                what,
                "%s%s%s"
                        .formatted(
                                notNull,
                                LiveIndex.of("key", mapped.name(), mapped.key()).build(),
                                notNull.isEmpty() ? "" : SourceIdentities.READS_ALL));
    }

    private void compare(SourceTable.Mapped mapped, CatalogTable.Column column, ColumnType type) {
        String written;
        try {
            written = ColumnType.parse(column.type()).sql();
        } catch (IllegalArgumentException noSuchSpelling) {
            written = column.type();
        }
        String pointer = at(mapped, "columns", column.name());
        if (!written.equals(type.sql())) {
            misfits.add(Misfit.of(
                    pointer,
                    "%s.%s is of type %s, the contract says %s"
                            .formatted(mapped.name(), column.name(), written, type.sql()),
                    "change one of them"));
        }
        if (!column.copyable()) {
            misfits.add(Misfit.of(
                    pointer,
                    "%s.%s is of type %s, or generated without being stored, which no reader can carry"
                            .formatted(mapped.name(), column.name(), written),
                    "convert it in the source"));
        }
        if (mapped.key().contains(column.name()) && !column.keyFit()) {
            misfits.add(Misfit.of(
                    at(mapped, "key"),
                    "%s.%s is of type %s, whose equal values need not have equal texts"
                            .formatted(mapped.name(), column.name(), written),
                    "use another key"));
        }
    }

    private static String at(SourceTable table, String... members) {
        return JsonPointer.of("sources", table.name().toString()).then(members).text();
    }
}
