package io.shadowwrite.contract;

import io.shadowwrite.contract.ColumnType.Kind;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the expressions over one source table's rows and checks that each fits its place. */
final class ExpressionReader {

    private static final List<String> KINDS = List.of(
            "column",
            "constant",
            "derived",
            "reference",
            "map",
            "coalesce",
            "concat",
            "json_field",
            "trim",
            "lower",
            "upper",
            "scale",
            "zone");

    private static final int MOST_POWER = 30;

    private final SourceShape shape;

    private final ReferenceReader references;

    ExpressionReader(SourceShape shape, ReferenceReader references) {
        this.shape = shape;
        this.references = references;
    }

    /** An expression and what it gives. */
    private record Typed(Expression expression, ColumnType type) {}

    /** The expression; null, reported, when it is none or does not fit. */
    @Nullable Expression read(JsonTree tree, Want want) {
        Typed typed = typed(tree, want);
        return typed == null ? null : typed.expression();
    }

    private @Nullable Typed typed(JsonTree tree, Want want) {
        String kind = tree.discriminator("an expression", KINDS);
        if (kind == null) {
            return null;
        }
        tree.members(List.of(kind), optional(kind));
        JsonTree inner = tree.get(kind);
        return switch (kind) {
            case "column" -> column(tree, want);
            case "constant" -> constant(inner, want);
            case "derived" -> derived(tree, inner, want);
            case "reference" -> given(tree, want, references.read(inner, shape), Want.UUID);
            case "map" -> valueMap(inner, want);
            case "coalesce" -> coalesce(inner, want);
            case "concat" -> given(tree, want, concat(tree, inner), Want.TEXT);
            case "json_field" -> given(tree, want, jsonField(inner), Want.TEXT);
            case "trim" -> text(tree, inner, want, Expression.Trim::new);
            case "lower" -> text(tree, inner, want, Expression.Lower::new);
            case "upper" -> text(tree, inner, want, Expression.Upper::new);
            case "scale" -> given(tree, want, scale(inner), Want.NUMERIC);
            case "zone" -> given(tree, want, zone(inner), Want.TIMESTAMPTZ);
            default -> throw new IllegalStateException("an expression without a reader: " + kind);
        };
    }

    private static List<String> optional(String kind) {
        return switch (kind) {
            case "column" -> List.of("cast");
            case "concat" -> List.of("separator");
            default -> List.of();
        };
    }

    private static @Nullable Typed given(JsonTree tree, Want want, @Nullable Expression expression, ColumnType type) {
        if (!want.fits(type)) {
            tree.problem("gives %s, but %s is wanted here".formatted(type.sql(), want.words()));
            return null;
        }
        return expression == null ? null : new Typed(expression, type);
    }

    private @Nullable Typed column(JsonTree tree, Want want) {
        Expression.Column column = plainColumn(tree);
        ColumnType cast = column.cast();
        if (cast == null) {
            if (!want.fits(column.type())) {
                tree.problem("column '%s' is %s, but %s is wanted here; add \"cast\": \"%s\" if its text means the same"
                        .formatted(
                                column.name(),
                                column.type().sql(),
                                want.words(),
                                want.literalType().sql()));
            }
            return new Typed(column, column.type());
        }
        ColumnType wanted = want.type();
        boolean other = want.exact() && wanted != null && !TypeParser.isUnreadable(wanted) && !cast.equals(wanted);
        if (!TypeParser.isUnreadable(cast) && (other || !want.fits(cast))) {
            tree.get("cast").problem("casts to %s, but %s is wanted here".formatted(cast.sql(), want.words()));
        } else if (!Casts.allowed(column.type(), cast, want.exact())) {
            tree.get("cast")
                    .problem("a cast from %s to %s has no one meaning here; use map, scale or zone, or text"
                            .formatted(column.type().sql(), cast.sql()));
        }
        return new Typed(column, cast);
    }

    private Expression.Column plainColumn(JsonTree tree) {
        String name = tree.get("column").text();
        ColumnType type = shape.column(tree.get("column"), name);
        return new Expression.Column(name, type, tree.has("cast") ? TypeParser.read(tree.get("cast")) : null);
    }

    private static @Nullable Typed constant(JsonTree value, Want want) {
        ColumnType type = want.type();
        if (type == null) {
            value.problem("a constant is of no use here; name a column");
            return null;
        }
        if (value.node().isNull()) {
            return new Typed(new Expression.Constant(null), type);
        }
        String text = Literal.read(value, type);
        return text == null ? null : new Typed(new Expression.Constant(text), type);
    }

    private static @Nullable Typed derived(JsonTree tree, JsonTree value, Want want) {
        if (!value.node().isBoolean() || !value.node().booleanValue()) {
            value.problem("must be true");
        }
        return given(tree, want, new Expression.Derived(), Want.UUID);
    }

    private @Nullable Typed valueMap(JsonTree map, Want want) {
        map.members(List.of("of", "entries"), List.of("default"));
        Typed of = map.has("of") ? typed(map.get("of"), Want.LOOKED_UP) : null;
        ColumnType from = of == null ? TypeParser.UNREADABLE : of.type();
        Map<String, String> entries = entries(map.get("entries"), from, want.literalType());
        JsonTree otherwise = map.get("default");
        String fallback =
                otherwise.isMissing() || otherwise.node().isNull() ? null : Literal.read(otherwise, want.literalType());
        return of == null
                ? null
                : new Typed(
                        new Expression.ValueMap(of.expression(), entries, fallback, otherwise.isMissing()),
                        want.literalType());
    }

    private static Map<String, String> entries(JsonTree tree, ColumnType from, ColumnType to) {
        Map<String, String> entries = new LinkedHashMap<>();
        tree.entries().forEach((written, value) -> {
            String key = Literal.canonical(value, from, written);
            String text = Literal.read(value, to);
            if (key != null && text != null && entries.putIfAbsent(key, text) != null) {
                value.problem("'%s' and an entry before it are one value; remove one".formatted(written));
            }
        });
        if (tree.node().isObject() && tree.node().isEmpty()) {
            tree.problem("a map needs at least one entry");
        }
        return entries;
    }

    private @Nullable Typed coalesce(JsonTree tree, Want want) {
        List<Expression> parts = parts(tree, want);
        return parts.isEmpty() ? null : new Typed(new Expression.Coalesce(parts), want.literalType());
    }

    private @Nullable Expression concat(JsonTree tree, JsonTree inner) {
        String separator = tree.has("separator") ? tree.get("separator").text() : "";
        List<Expression> parts = parts(inner, Want.SOME_TEXT);
        return parts.isEmpty() ? null : new Expression.Concat(parts, separator);
    }

    private List<Expression> parts(JsonTree tree, Want want) {
        List<Expression> parts = new ArrayList<>();
        for (JsonTree part : tree.items()) {
            Expression expression = read(part, want);
            if (expression != null) {
                parts.add(expression);
            }
        }
        if (tree.node().isArray() && tree.node().isEmpty()) {
            tree.problem("at least one part is needed");
        }
        return parts;
    }

    private Expression jsonField(JsonTree tree) {
        tree.members(List.of("column", "path"), List.of());
        Expression.Column column = plainColumn(tree);
        Kind kind = column.type().kind();
        if (!TypeParser.isUnreadable(column.type()) && kind != Kind.JSON && kind != Kind.JSONB) {
            tree.get("column")
                    .problem("column '%s' is %s, but json or jsonb is wanted here"
                            .formatted(column.name(), column.type().sql()));
        }
        List<String> path = new ArrayList<>();
        tree.get("path").items().forEach(step -> path.add(step.text()));
        if (path.isEmpty() && tree.get("path").node().isArray()) {
            tree.get("path").problem("a path needs at least one step");
        }
        return new Expression.JsonField(column, path);
    }

    private @Nullable Typed text(JsonTree tree, JsonTree inner, Want want, Function<Expression, Expression> wrapper) {
        Expression of = read(inner, Want.SOME_TEXT);
        return given(tree, want, of == null ? null : wrapper.apply(of), Want.TEXT);
    }

    private @Nullable Expression scale(JsonTree tree) {
        tree.members(List.of("of", "power"), List.of());
        Expression of = tree.has("of") ? read(tree.get("of"), Want.SOME_NUMBER) : null;
        JsonTree power = tree.get("power");
        boolean whole = power.node().isInt() && Math.abs((long) power.node().intValue()) <= MOST_POWER;
        if (!whole && !power.isMissing()) {
            power.problem("must be a whole number from -%d to %d".formatted(MOST_POWER, MOST_POWER));
        }
        return of == null || !whole
                ? null
                : new Expression.Scale(of, power.node().intValue());
    }

    private @Nullable Expression zone(JsonTree tree) {
        tree.members(List.of("of", "name"), List.of());
        Expression of = tree.has("of") ? read(tree.get("of"), Want.SOME_TIMESTAMP) : null;
        JsonTree place = tree.get("name");
        String name = place.text();
        if (place.node().isString() && !ZoneId.getAvailableZoneIds().contains(name)) {
            place.problem(
                    "unknown time zone '%s'%s".formatted(name, Suggestion.of(name, ZoneId.getAvailableZoneIds())));
        }
        return of == null ? null : new Expression.Zone(of, name);
    }
}
