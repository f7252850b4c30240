package io.shadowwrite.replication;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Columns of one row, in the order the source sent them. Immutable.
 *
 * @param columns value by column name; a column that is missing here was not sent
 */
public record Row(Map<String, ColumnValue> columns) {

    /** A row without a column: what stands for a missing replica identity. */
    public static final Row EMPTY = new Row(Map.of());

    public Row {
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    }

    /** The value of a column, or null when the source did not send it (unchanged TOAST), which is not SQL NULL. */
    public @Nullable ColumnValue get(String name) {
        return columns.get(name);
    }

    /** Whether no column was sent at all. */
    public boolean isEmpty() {
        return columns.isEmpty();
    }

    /** Names only: row values stay out of logs. */
    @Override
    public String toString() {
        return "Row" + columns.keySet();
    }
}
