package io.shadowwrite.contract;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing a source row becomes.
 *
 * @param index position among the writes of its source table, from 0; part of the identity of an applied write
 * @param model where the row goes
 * @param condition the table's filter and the write's own condition together; always when null
 * @param key an expression per key column of the model; uses only source key columns, unless the identity is FULL
 * @param values an expression per written column that is not a key column
 */
public record Write(
        int index,
        TargetModel model,
        @Nullable Filter condition,
        Map<String, Expression> key,
        Map<String, Expression> values) {

    public Write {
        key = Ordered.copyOf(key);
        values = Ordered.copyOf(values);
    }
}
