package io.shadowwrite.contract;

import io.shadowwrite.contract.ColumnType.Kind;
import io.shadowwrite.contract.Filter.Operator;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the conditions over one source table's rows. */
final class FilterReader {

    private static final Set<Kind> ORDERED =
            EnumSet.of(Kind.INTEGER, Kind.DECIMAL, Kind.TEXT, Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ);

    private static final Set<Kind> EQUAL_ONLY = EnumSet.of(Kind.BOOLEAN, Kind.UUID, Kind.BLANK_PADDED, Kind.OTHER);

    private static final List<String> OPERATORS =
            List.of("=", "<>", "<", "<=", ">", ">=", "in", "is null", "is not null");

    private final SourceShape shape;

    FilterReader(SourceShape shape) {
        this.shape = shape;
    }

    /** The condition; null, reported, when it is none. */
    @Nullable Filter read(JsonTree tree) {
        String kind = tree.discriminator("a filter", List.of("all", "any", "column"));
        return switch (kind) {
            case "all" -> {
                tree.members(List.of("all"), List.of());
                yield new Filter.All(parts(tree.get("all")));
            }
            case "any" -> {
                tree.members(List.of("any"), List.of());
                yield new Filter.Any(parts(tree.get("any")));
            }
            case "column" -> comparison(tree);
            case null, default -> null;
        };
    }

    private List<Filter> parts(JsonTree tree) {
        List<Filter> parts = new ArrayList<>();
        for (JsonTree part : tree.items()) {
            Filter filter = read(part);
            if (filter != null) {
                parts.add(filter);
            }
        }
        if (tree.node().isArray() && tree.node().isEmpty()) {
            tree.problem("at least one condition is needed");
        }
        return parts;
    }

    private @Nullable Filter comparison(JsonTree tree) {
        String column = tree.get("column").text();
        ColumnType type = shape.column(tree.get("column"), column);
        String op = tree.get("op").text();
        return switch (op) {
            case "is null" -> {
                tree.members(List.of("column", "op"), List.of());
                yield new Filter.IsNull(column);
            }
            case "is not null" -> {
                tree.members(List.of("column", "op"), List.of());
                yield new Filter.IsNotNull(column);
            }
            case "in" -> in(tree, column, type);
            default -> compare(tree, column, type, op);
        };
    }

    private static @Nullable Filter in(JsonTree tree, String column, ColumnType type) {
        tree.members(List.of("column", "op", "values"), List.of());
        if (!comparable(tree, column, type, false)) {
            return null;
        }
        List<String> values = new ArrayList<>();
        for (JsonTree item : tree.get("values").items()) {
            String value = Literal.read(item, type);
            if (value != null) {
                values.add(value);
            }
        }
        if (tree.get("values").node().isArray() && tree.get("values").node().isEmpty()) {
            tree.get("values").problem("at least one value is needed");
        }
        return new Filter.In(column, type, values);
    }

    private static @Nullable Filter compare(JsonTree tree, String column, ColumnType type, String op) {
        Operator operator = operator(op);
        if (operator == null) {
            tree.members(List.of("column", "op"), List.of("value", "values"));
            if (tree.get("op").node().isString()) {
                tree.get("op").problem("unknown operator '%s'%s".formatted(op, Suggestion.of(op, OPERATORS)));
            }
            return null;
        }
        tree.members(List.of("column", "op", "value"), List.of());
        JsonTree value = tree.get("value");
        if (value.node().isNull()) {
            value.problem("nothing compares with null; use \"op\": \"is null\" or \"is not null\"");
            return null;
        }
        boolean ordering = operator != Operator.EQUAL && operator != Operator.NOT_EQUAL;
        String text = comparable(tree, column, type, ordering) && !value.isMissing() ? Literal.read(value, type) : null;
        return text == null ? null : new Filter.Compare(column, type, operator, text);
    }

    private static @Nullable Operator operator(String op) {
        for (Operator operator : Operator.values()) {
            if (operator.sql().equals(op)) {
                return operator;
            }
        }
        return null;
    }

    private static boolean comparable(JsonTree tree, String column, ColumnType type, boolean ordering) {
        boolean allowed = ORDERED.contains(type.kind()) || (!ordering && EQUAL_ONLY.contains(type.kind()));
        if (!allowed && !TypeParser.isUnreadable(type)) {
            tree.get("op")
                    .problem("column '%s' is %s, which allows only %s"
                            .formatted(
                                    column,
                                    type.sql(),
                                    EQUAL_ONLY.contains(type.kind())
                                            ? "=, <>, in, is null and is not null"
                                            : "is null and is not null"));
        }
        return allowed;
    }
}
