package io.shadowwrite.cli.draft;

import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable.Identity;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What writes rows to the WAL under a name of its own, as the source's catalog describes it; a partitioned table is one.
 *
 * @param identity the old row that the WAL carries
 * @param key columns of the index that tells rows apart; empty when there is none
 * @param uniqueKeys columns of every index that tells rows apart
 * @param problem why its changes would be lost or cannot be told apart, and what to do; null when all is well
 */
record CatalogTable(
        QualifiedName name,
        Identity identity,
        List<Column> columns,
        List<String> key,
        List<Set<String>> uniqueKeys,
        @Nullable String problem) {

    /**
     * A column.
     *
     * @param type as {@code format_type} spells it without a search path
     * @param keyFit whether values that are equal have equal texts, which a key needs
     * @param copyable whether the target can have a type like it
     */
    record Column(String name, String type, boolean notNull, boolean keyFit, boolean copyable) {}

    Optional<Column> column(String wanted) {
        return columns.stream().filter(column -> column.name().equals(wanted)).findFirst();
    }

    CatalogTable with(@Nullable String otherProblem) {
        return new CatalogTable(name, identity, columns, key, uniqueKeys, otherProblem);
    }
}
