package io.shadowwrite.contract;

import io.shadowwrite.contract.ColumnType.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Columns with their types, and which of them are the key; alike for source tables and models. */
final class Columns {

    /** Kinds in which equal values may be spelled differently, or that no unique index can hold. */
    private static final Set<Kind> NO_KEY = EnumSet.of(Kind.FLOAT, Kind.INTERVAL, Kind.JSON, Kind.JSONB, Kind.ARRAY);

    private Columns() {}

    static Map<String, ColumnType> read(JsonTree tree) {
        Map<String, ColumnType> columns = new LinkedHashMap<>();
        tree.entries().forEach((name, type) -> {
            Names.check(type, "column", name);
            columns.put(name, TypeParser.read(type));
        });
        if (tree.node().isObject() && columns.isEmpty()) {
            tree.problem("at least one column is needed");
        }
        return columns;
    }

    static List<String> key(JsonTree tree, Map<String, ColumnType> columns) {
        List<String> key = new ArrayList<>();
        for (JsonTree item : tree.items()) {
            String column = item.text();
            if (key.contains(column)) {
                item.problem("key column '%s' stands here twice; remove one".formatted(column));
            } else if (item.node().isString()) {
                checkKeyColumn(item, column, columns);
                key.add(column);
            }
        }
        if (key.isEmpty() && tree.node().isArray()) {
            tree.problem("a key needs at least one column");
        }
        return key;
    }

    private static void checkKeyColumn(JsonTree item, String column, Map<String, ColumnType> columns) {
        ColumnType type = columns.get(column);
        if (type == null && !columns.isEmpty()) {
            item.problem("key column '%s' is not among the columns%s"
                    .formatted(column, Suggestion.of(column, columns.keySet())));
        } else if (type != null && NO_KEY.contains(type.kind())) {
            item.problem("a column of type %s cannot be a key: equal values may be spelled differently"
                    .formatted(type.sql()));
        } else if (type != null && type.sql().equals("numeric")) {
            item.problem("a column of type numeric cannot be a key, because 1 and 1.0 are equal;"
                    + " declare its scale, for example numeric(20,0)");
        }
    }
}
