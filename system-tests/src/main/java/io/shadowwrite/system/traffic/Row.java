package io.shadowwrite.system.traffic;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values of some columns of one row, in an order the table or statement defines; also used for keys. */
record Row(List<@Nullable Object> values) {

    static Row of(@Nullable Object... values) {
        return new Row(Collections.unmodifiableList(Arrays.asList(values.clone())));
    }

    /** A value that is known to be there, such as a key column. */
    Object get(int column) {
        Object value = values.get(column);
        if (value == null) {
            throw new IllegalStateException("column %d is null".formatted(column));
        }
        return value;
    }
}
