package io.shadowwrite.canonical;

import io.shadowwrite.contract.ColumnType;
import java.util.Map;

/** A row's key as canonical JSON: an object, members by code point, no white space; integers bare, the rest as strings. */
public final class CanonicalKey {

    private CanonicalKey() {}

    /**
     * The key's JSON text.
     *
     * @param types type of each key column
     * @param values canonical text of each key column; none is NULL
     */
    public static String json(Map<String, ColumnType> types, Map<String, String> values) {
        throw new UnsupportedOperationException("being built: " + types + values.size());
    }
}
