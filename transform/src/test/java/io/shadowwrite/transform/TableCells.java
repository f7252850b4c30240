package io.shadowwrite.transform;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.Expression;
import io.shadowwrite.contract.Filter;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.contract.Write;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How the cells of one mapped source table are called, and what in the contract they are about. */
record TableCells(SourceTable.Mapped table) {

    /** What a column may hold where a write takes it. */
    enum Content {
        A_VALUE,
        NULL,
        UNCHANGED_OUT_OF_LINE
    }

    /** What a reference may point to. */
    enum Referent {
        PRESENT,
        NULL,
        DELETED,
        FILTERED_OUT
    }

    Cell operation(String operation) {
        return cell(operation);
    }

    Cell keyUpdate(String column) {
        return cell("update of the key by " + column);
    }

    Cell keyOutOfLine(String column) {
        return cell("update with key column %s unchanged out of line".formatted(column));
    }

    /** A change of a row and where the row was and is: inside or outside of the write's condition, into it or out of it. */
    Cell scope(Write write, String change, String where) {
        return cell("%s: %s %s the condition".formatted(write.model().name(), change, where));
    }

    Cell entersWithoutLargeValues(Write write) {
        return cell("%s: update into the condition with a value unchanged out of line"
                .formatted(write.model().name()));
    }

    Cell moveWithoutLargeValues(Write write) {
        return cell("%s: update of the key with a value unchanged out of line"
                .formatted(write.model().name()));
    }

    Cell pair(Write write, String what) {
        return cell("%s: pair %s".formatted(write.model().name(), what));
    }

    /** A comparison of the table's filter, or of the write's own condition, that decides by being what {@code truth} says. */
    Cell comparison(@Nullable Write write, Filter comparison, String truth) {
        String whose = write == null ? "filter" : write.model().name();
        return cell("%s: %s is %s".formatted(whose, Comparisons.words(comparison), truth));
    }

    Cell taken(Write write, String column, Content content) {
        return cell("%s takes %s: %s".formatted(write.model().name(), column, words(content)));
    }

    Cell mapped(Write write, String targetColumn, String from) {
        return cell("%s.%s maps %s".formatted(write.model().name(), targetColumn, from));
    }

    Cell referent(Write write, String targetColumn, Referent referent) {
        return cell("%s.%s refers to a row: %s".formatted(write.model().name(), targetColumn, words(referent)));
    }

    private Cell cell(String what) {
        return new Cell(table.name().toString(), what);
    }

    private static String words(Enum<?> constant) {
        return constant.name().equals("NULL")
                ? "NULL"
                : constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** What the write demands beside the table's filter. */
    @Nullable Filter ownCondition(Write write) {
        Filter filter = table.filter();
        Filter condition = write.condition();
        if (filter == null || condition == null || condition.equals(filter)) {
            return filter == null ? condition : null;
        }
        return condition instanceof Filter.All(List<Filter> parts) ? parts.getLast() : null;
    }

    /** Columns that the values of a write take. */
    SortedSet<String> taken(Write write) {
        return Inputs.of(write.values().values(), table.key());
    }

    List<String> unboundedTaken(Write write) {
        return taken(write).stream()
                .filter(column -> !table.key().contains(column) && isUnbounded(column))
                .toList();
    }

    /**
     * Whether values of the column may be so long that the server stores them out of line. A bounded one would be only in a
     * row whose other columns are longer still, and is treated alike.
     */
    boolean isUnbounded(String column) {
        ColumnType type = table.columns().get(column);
        return type != null
                && switch (type.kind()) {
                    case TEXT, DECIMAL -> !type.sql().contains("(");
                    case BYTEA, JSON, JSONB, ARRAY, OTHER -> true;
                    case BOOLEAN, INTEGER, FLOAT, BLANK_PADDED, UUID, DATE, TIME, TIMESTAMP, TIMESTAMPTZ, INTERVAL ->
                        false;
                };
    }

    /** Whether a reference only spells the key of its own row. */
    boolean isOwnRow(Expression.Reference reference) {
        return reference.table().equals(table.name())
                && reference.columns().entrySet().stream()
                        .allMatch(column ->
                                column.getKey().equals(column.getValue().name()));
    }

    /** Whether a column that the reference takes may be NULL: one of the key never is. */
    boolean mayBeNull(Expression.Reference reference) {
        return reference.columns().values().stream()
                .anyMatch(column -> !table.key().contains(column.name()));
    }

    /** Every map of a write by the target column it feeds. */
    Map<String, Expression.ValueMap> maps(Write write) {
        return nested(write, Expression.ValueMap.class);
    }

    /** Every reference of a write by the target column it feeds. */
    Map<String, Expression.Reference> references(Write write) {
        return nested(write, Expression.Reference.class);
    }

    private static <E extends Expression> Map<String, E> nested(Write write, Class<E> type) {
        Map<String, E> found = new LinkedHashMap<>();
        Stream.of(write.key(), write.values())
                .forEach(columns -> columns.forEach((column, expression) -> {
                    List<Expression> parts = new ArrayList<>();
                    collect(expression, parts);
                    parts.stream()
                            .filter(type::isInstance)
                            .map(type::cast)
                            .forEach(part -> found.merge(column, part, (one, other) -> {
                                throw new IllegalArgumentException("two of a kind in column " + column);
                            }));
                }));
        return found;
    }

    private static void collect(Expression expression, List<Expression> parts) {
        parts.add(expression);
        switch (expression) {
            case Expression.ValueMap map -> collect(map.of(), parts);
            case Expression.Coalesce coalesce -> coalesce.parts().forEach(part -> collect(part, parts));
            case Expression.Concat concat -> concat.parts().forEach(part -> collect(part, parts));
            case Expression.Trim trim -> collect(trim.of(), parts);
            case Expression.Lower lower -> collect(lower.of(), parts);
            case Expression.Upper upper -> collect(upper.of(), parts);
            case Expression.Scale scale -> collect(scale.of(), parts);
            case Expression.Zone zone -> collect(zone.of(), parts);
            case Expression.Column _,
                    Expression.Constant _,
                    Expression.Derived _,
                    Expression.Reference _,
                    Expression.JsonField _ -> {}
        }
    }
}
