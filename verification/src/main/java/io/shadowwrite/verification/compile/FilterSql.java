package io.shadowwrite.verification.compile;

import io.shadowwrite.canonical.CanonicalSql;
import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.Filter;
import io.shadowwrite.contract.QualifiedName;
import java.util.List;
import java.util.stream.Collectors;

/** Conditions of a contract as SQL over the row {@code s}. */
final class FilterSql {

    private FilterSql() {}

    static String of(Filter filter) {
        return switch (filter) {
            case Filter.All(List<Filter> parts) -> joined(parts, " and ", "true");
            case Filter.Any(List<Filter> parts) -> joined(parts, " or ", "false");
            case Filter.Compare(String name, ColumnType type, Filter.Operator operator, String value) ->
                "(" + comparable(type, column(name)) + " " + operator.sql() + " " + value(type, value) + ")";
            case Filter.In(String name, ColumnType type, List<String> values) -> in(name, type, values);
            case Filter.IsNull(String name) -> "(" + column(name) + " is null)";
            case Filter.IsNotNull(String name) -> "(" + column(name) + " is not null)";
        };
    }

    static String column(String name) {
        return "s." + QualifiedName.quote(name);
    }

    private static String joined(List<Filter> parts, String operator, String empty) {
        return parts.isEmpty()
                ? empty
                : parts.stream().map(FilterSql::of).collect(Collectors.joining(operator, "(", ")"));
    }

    private static String in(String name, ColumnType type, List<String> values) {
        if (values.isEmpty()) {
            return "false";
        }
        String list = values.stream().map(value -> value(type, value)).collect(Collectors.joining(", "));
        return "(" + comparable(type, column(name)) + " in (" + list + "))";
    }

    /** Values with an order of their own are compared as values, everything else as text by code point. */
    private static boolean comparedAsValue(ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN, INTEGER, DECIMAL, FLOAT, UUID, DATE, TIME, TIMESTAMP, TIMESTAMPTZ -> true;
            case TEXT, BLANK_PADDED, BYTEA, INTERVAL, JSON, JSONB, ARRAY, OTHER -> false;
        };
    }

    private static String comparable(ColumnType type, String column) {
        return comparedAsValue(type) ? column : "(" + CanonicalSql.text(type, column) + " collate \"C\")";
    }

    private static String value(ColumnType type, String value) {
        return comparedAsValue(type) ? CanonicalSql.parse(exact(type), Sql.literal(value)) : Sql.literal(value);
    }

    /** Without the declared precision, which would round the value of the condition. */
    private static ColumnType exact(ColumnType type) {
        return switch (type.kind()) {
            case DECIMAL -> new ColumnType("numeric", type.kind());
            case TIMESTAMP -> new ColumnType("timestamp without time zone", type.kind());
            case TIMESTAMPTZ -> new ColumnType("timestamp with time zone", type.kind());
            case BOOLEAN,
                    INTEGER,
                    FLOAT,
                    TEXT,
                    BLANK_PADDED,
                    UUID,
                    BYTEA,
                    DATE,
                    TIME,
                    INTERVAL,
                    JSON,
                    JSONB,
                    ARRAY,
                    OTHER -> type;
        };
    }
}
