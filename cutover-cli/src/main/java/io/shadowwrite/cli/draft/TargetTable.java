package io.shadowwrite.cli.draft;

import io.shadowwrite.contract.QualifiedName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table of the target as its catalog describes it; a partitioned table is one.
 *
 * @param primaryKey empty when there is none
 * @param indexes valid ones on plain columns, unique or not, the primary key among them
 * @param validity columns that tell the versions of a row apart; null when none do
 */
record TargetTable(
        QualifiedName name,
        List<Column> columns,
        List<String> primaryKey,
        List<Index> indexes,
        List<ForeignKey> foreignKeys,
        @Nullable Validity validity) {

    TargetTable {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
        indexes = List.copyOf(indexes);
        foreignKeys = List.copyOf(foreignKeys);
    }

    /**
     * A column.
     *
     * @param type as {@code format_type} spells it without a search path
     * @param notNull by itself or by its domain
     * @param hasDefault of its own, of its domain, or by identity; not counting a generated one
     * @param generated nobody may write it
     * @param identityAlways an ordinary INSERT may not write it
     */
    record Column(
            String name, String type, boolean notNull, boolean hasDefault, boolean generated, boolean identityAlways) {

        /** Whether a row cannot come in without a value for it. */
        boolean mustBeSet() {
            return notNull && !hasDefault && !generated;
        }
    }

    /**
     * An index on plain columns.
     *
     * @param enforces unique, and at once
     * @param predicate as the catalog spells it; null when it covers all rows
     */
    record Index(
            String name,
            List<String> columns,
            boolean enforces,
            @Nullable String predicate) {

        Index {
            columns = List.copyOf(columns);
        }

        /** Whether no two rows of the whole table agree in these columns, in whatever order. */
        boolean isKey(Set<String> key) {
            return enforces && predicate == null && Set.copyOf(columns).equals(key);
        }
    }

    /**
     * How the table keeps history.
     *
     * @param key columns of one entity
     * @param from when a version began
     * @param to when it ended; NULL in the current one
     * @param guarded whether a unique index allows one current version only
     */
    record Validity(List<String> key, String from, String to, boolean guarded) {

        Validity {
            key = List.copyOf(key);
        }
    }

    /** What may be the key of a model: of a history that of an entity, otherwise the primary key first. */
    List<List<String>> keys() {
        if (validity != null) {
            return List.of(validity.key());
        }
        return Stream.concat(
                        Stream.of(primaryKey).filter(key -> !key.isEmpty()),
                        indexes.stream()
                                .filter(index -> index.isKey(Set.copyOf(index.columns()))
                                        && index.columns().stream().allMatch(this::isNotNull))
                                .map(Index::columns))
                .distinct()
                .toList();
    }

    private boolean isNotNull(String name) {
        return column(name).filter(Column::notNull).isPresent();
    }

    /** The same table as one that keeps no history. */
    TargetTable withoutValidity() {
        return new TargetTable(name, columns, primaryKey, indexes, foreignKeys, null);
    }

    Optional<Column> column(String wanted) {
        return columns.stream().filter(column -> column.name().equals(wanted)).findFirst();
    }
}
