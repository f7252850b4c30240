package io.shadowwrite.contract;

import java.util.List;
import java.util.Map;

/** What the file says of a source table itself, before any of its writes is read. */
record SourceShape(
        QualifiedName name,
        Map<String, ColumnType> columns,
        List<String> key,
        SourceTable.Identity identity,
        JsonTree tree) {

    /** The type of a column; an unknown one is reported at {@code place}. */
    ColumnType column(JsonTree place, String column) {
        ColumnType type = columns.get(column);
        if (type != null) {
            return type;
        }
        if (place.node().isString()) {
            place.problem(
                    "table %s has no column '%s'%s".formatted(name, column, Suggestion.of(column, columns.keySet())));
        }
        return TypeParser.UNREADABLE;
    }
}
