package io.shadowwrite.cli.draft;

import io.shadowwrite.contract.QualifiedName;
import java.util.List;

/**
 * A foreign key of either side.
 *
 * @param name of the constraint
 * @param columns of the table that refers, in the order of the constraint
 * @param table what is referred to; of a partition its root
 * @param keyColumns columns of that table, one for each of {@code columns}
 * @param deferred whether it is checked at the end of the transaction
 */
record ForeignKey(String name, List<String> columns, QualifiedName table, List<String> keyColumns, boolean deferred) {

    ForeignKey {
        columns = List.copyOf(columns);
        keyColumns = List.copyOf(keyColumns);
    }
}
