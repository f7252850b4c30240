package io.shadowwrite.transform;

import io.shadowwrite.canonical.CanonicalValue;
import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.Filter;
import io.shadowwrite.replication.ColumnValue;
import io.shadowwrite.transform.Condition.Truth;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Turns a filter of one source table into a {@link Condition}. */
record ConditionCompiler(RowLayout layout) {

    Condition compile(@Nullable Filter filter) {
        return switch (filter) {
            case null -> _ -> Truth.HOLDS;
            case Filter.All(List<Filter> parts) -> combined(compileAll(parts), Truth.FAILS, Truth.HOLDS);
            case Filter.Any(List<Filter> parts) -> combined(compileAll(parts), Truth.HOLDS, Truth.FAILS);
            case Filter.Compare compare -> matching(compare.column(), compare(compare));
            case Filter.In in -> matching(in.column(), in(in));
            case Filter.IsNull(String column) -> isNull(column, true);
            case Filter.IsNotNull(String column) -> isNull(column, false);
        };
    }

    private List<Condition> compileAll(List<Filter> parts) {
        return parts.stream().map(this::compile).toList();
    }

    /** One deciding part settles it, even beside unknown ones. */
    private static Condition combined(List<Condition> parts, Truth deciding, Truth otherwise) {
        return row -> {
            Truth result = otherwise;
            for (Condition part : parts) {
                Truth truth = part.of(row);
                if (truth == deciding) {
                    return deciding;
                }
                if (truth == Truth.UNKNOWN) {
                    result = Truth.UNKNOWN;
                }
            }
            return result;
        };
    }

    /** A test of text; NULL never passes. */
    private Condition matching(String column, Predicate<String> test) {
        int ordinal = layout.ordinal(column);
        return row -> switch (row.get(ordinal)) {
            case ColumnValue.Text(String text) -> Truth.of(test.test(text));
            case ColumnValue.Null _ -> Truth.FAILS;
            case null -> Truth.UNKNOWN;
        };
    }

    private Condition isNull(String column, boolean expected) {
        int ordinal = layout.ordinal(column);
        return row -> switch (row.get(ordinal)) {
            case ColumnValue.Text _ -> Truth.of(!expected);
            case ColumnValue.Null _ -> Truth.of(expected);
            case null -> row.absentIsValue() ? Truth.of(!expected) : Truth.UNKNOWN;
        };
    }

    private static Predicate<String> compare(Filter.Compare compare) {
        String value = CanonicalValue.of(compare.type(), compare.value());
        Comparator<String> order = ValueOrder.of(compare.type());
        return switch (compare.operator()) {
            case EQUAL -> text -> order.compare(text, value) == 0;
            case NOT_EQUAL -> text -> order.compare(text, value) != 0;
            case LESS -> text -> order.compare(text, value) < 0;
            case LESS_OR_EQUAL -> text -> order.compare(text, value) <= 0;
            case GREATER -> text -> order.compare(text, value) > 0;
            case GREATER_OR_EQUAL -> text -> order.compare(text, value) >= 0;
        };
    }

    private static Predicate<String> in(Filter.In in) {
        ColumnType type = in.type();
        Comparator<String> order = ValueOrder.of(type);
        List<String> values = in.values().stream()
                .map(value -> CanonicalValue.of(type, value))
                .toList();
        return text -> values.stream().anyMatch(value -> order.compare(text, value) == 0);
    }
}
