package io.shadowwrite.canonical;

import static java.util.Objects.requireNonNull;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.ColumnType.Kind;
import java.util.Map;

/** A row's key as canonical JSON: an object, members by code point, no white space; integers bare, the rest as strings. */
public final class CanonicalKey {

    private CanonicalKey() {}

    /**
     * The key's JSON text.
     *
     * @param types type of each key column
     * @param values canonical text of each key column; none is NULL
     * @throws IllegalArgumentException when the columns of both differ, or there are none
     */
    public static String json(Map<String, ColumnType> types, Map<String, String> values) {
        if (types.isEmpty() || !types.keySet().equals(values.keySet())) {
            throw new IllegalArgumentException(
                    "a key needs a value for each of %s, not for %s".formatted(types.keySet(), values.keySet()));
        }
        StringBuilder json = new StringBuilder(32 * types.size());
        char separator = '{';
        // Nearly every key has one column.
        for (String column : types.size() == 1 ? types.keySet() : CodePointOrder.sorted(types.keySet())) {
            json.append(separator);
            JsonText.append(json, column);
            json.append(':');
            appendValue(json, requireNonNull(types.get(column)), requireNonNull(values.get(column)));
            separator = ',';
        }
        return json.append('}').toString();
    }

    private static void appendValue(StringBuilder json, ColumnType type, String value) {
        if (type.kind() == Kind.INTEGER) {
            json.append(value);
        } else {
            JsonText.append(json, value);
        }
    }
}
