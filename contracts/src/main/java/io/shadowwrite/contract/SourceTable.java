package io.shadowwrite.contract;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A table of the source and what becomes of its rows. */
public sealed interface SourceTable {

    QualifiedName name();

    /**
     * A table whose rows feed at least one model.
     *
     * @param columns every column the contract knows, with its type, in contract order
     * @param key columns of the row's identity, in contract order
     * @param identity the replica identity the source must have for UPDATE and DELETE to be complete
     * @param filter rows that are in scope; all of them when null
     * @param writes what a row in scope becomes; one row may feed several models
     */
    record Mapped(
            QualifiedName name,
            Map<String, ColumnType> columns,
            List<String> key,
            Identity identity,
            @Nullable Filter filter,
            List<Write> writes)
            implements SourceTable {

        public Mapped {
            columns = Ordered.copyOf(columns);
            key = List.copyOf(key);
            writes = List.copyOf(writes);
        }

        /** Whether it is enough that the WAL carries the whole of an old row, or else these columns. More is fine. */
        public boolean contentWith(boolean wholeRow, Collection<String> columnsOfOldRow) {
            return wholeRow || (identity != Identity.FULL && columnsOfOldRow.containsAll(key));
        }
    }

    /**
     * A table that is out of scope on purpose. Its changes leave receipts and nothing else.
     *
     * @param reason why, for the reader of a report
     */
    record Unmapped(QualifiedName name, String reason) implements SourceTable {}

    /** What the write-ahead log carries of the old row. */
    enum Identity {
        /** The primary key. */
        DEFAULT,
        /** The whole old row. */
        FULL,
        /** The columns of a named unique index, which must cover the contract's key. */
        INDEX
    }
}
