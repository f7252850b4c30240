package io.shadowwrite.replication.source;

import io.shadowwrite.replication.TableName;
import java.util.Set;

/**
 * Columns of a table of which no two rows have the same values, as a valid index over all rows enforces it, be it at the end
 * of a transaction.
 */
public record UniqueKey(TableName table, Set<String> columns) {

    public UniqueKey {
        columns = Set.copyOf(columns);
    }
}
