package io.shadowwrite.verification.compile;

import static java.util.Objects.requireNonNull;

import io.shadowwrite.canonical.CanonicalSql;
import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.ColumnType.Kind;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.Expression;
import io.shadowwrite.contract.Expression.Column;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Expressions of the writes of one source table into one model, as SQL text expressions over the row {@code s}. */
final class ExpressionSql {

    private static final ColumnType TIMESTAMPTZ = new ColumnType("timestamp with time zone", Kind.TIMESTAMPTZ);

    private final Contract contract;
    private final SourceTable.Mapped table;
    private final String model;

    ExpressionSql(Contract contract, SourceTable.Mapped table, String model) {
        this.contract = contract;
        this.table = table;
        this.model = model;
    }

    /** The value as canonical text. */
    String text(Expression expression) {
        return switch (expression) {
            case Column column -> column(column);
            case Expression.Constant(String value) -> constant(value);
            case Expression.Derived _, Expression.Reference _ -> identity(expression) + "::text";
            case Expression.ValueMap map -> map(map);
            case Expression.Coalesce(List<Expression> parts) -> "coalesce(" + texts(parts) + ")";
            case Expression.Concat(List<Expression> parts, String separator) ->
                "concat_ws(" + Sql.literal(separator) + ", " + texts(parts) + ")";
            case Expression.JsonField(Column of, List<String> path) -> jsonField(of, path);
            case Expression.Trim(Expression of) -> "btrim(" + text(of) + ", ' ')";
            case Expression.Lower(Expression of) -> "lower((" + text(of) + ") collate \"C\")";
            case Expression.Upper(Expression of) -> "upper((" + text(of) + ") collate \"C\")";
            case Expression.Scale(Expression of, int power) -> scale(of, power);
            case Expression.Zone zone -> CanonicalSql.text(TIMESTAMPTZ, zoned(zone));
        };
    }

    /** A time of a zone as a timestamp with time zone. */
    String zoned(Expression.Zone zone) {
        String local = zone.of() instanceof Column column && column.type().kind() == Kind.TIMESTAMP
                ? FilterSql.column(column.name())
                : "(" + text(zone.of()) + ")";
        return local + "::timestamp at time zone " + Sql.literal(zone.zone());
    }

    /** A derived key or reference as a uuid. */
    String identity(Expression expression) {
        return "encode(" + identityBytes(expression) + ", 'hex')::uuid";
    }

    /** The bytes of a derived key or reference. */
    String identityBytes(Expression expression) {
        return switch (expression) {
            case Expression.Derived() -> CanonicalSql.derivedBytes(table.name(), sourceKey(), model);
            case Expression.Reference reference -> reference(reference);
            case Column _,
                    Expression.Constant _,
                    Expression.ValueMap _,
                    Expression.Coalesce _,
                    Expression.Concat _,
                    Expression.JsonField _,
                    Expression.Trim _,
                    Expression.Lower _,
                    Expression.Upper _,
                    Expression.Scale _,
                    Expression.Zone _ ->
                throw new IllegalArgumentException("only derived keys and references identify");
        };
    }

    /** A condition under which the value has no meaning: a strict map without an entry. Null when there is none. */
    @Nullable String meaningless(Expression expression) {
        return switch (expression) {
            case Column _,
                    Expression.Constant _,
                    Expression.Derived _,
                    Expression.Reference _,
                    Expression.JsonField _ -> null;
            case Expression.ValueMap map -> either(meaningless(map.of()), map.strict() ? unmapped(map) : null);
            case Expression.Coalesce(List<Expression> parts) -> firstMeaningless(parts);
            case Expression.Concat(List<Expression> parts, String _) -> anyMeaningless(parts);
            case Expression.Trim(Expression of) -> meaningless(of);
            case Expression.Lower(Expression of) -> meaningless(of);
            case Expression.Upper(Expression of) -> meaningless(of);
            case Expression.Scale(Expression of, int _) -> meaningless(of);
            case Expression.Zone(Expression of, String _) -> meaningless(of);
        };
    }

    /** The canonical key of the row itself. */
    String sourceKey() {
        Map<String, ColumnType> types = keyTypes(table);
        Map<String, String> columns = new LinkedHashMap<>();
        types.keySet().forEach(name -> columns.put(name, FilterSql.column(name)));
        return CanonicalSql.keyJson(types, columns);
    }

    private static String column(Column column) {
        String sql = FilterSql.column(column.name());
        // json travels as written; only where it is compared as json does its jsonb text count.
        return column.type().kind() == Kind.JSON ? "(" + sql + ")::text" : CanonicalSql.text(column.type(), sql);
    }

    private static String constant(@Nullable String value) {
        return value == null ? "null::text" : Sql.literal(value) + "::text";
    }

    private String reference(Expression.Reference reference) {
        Map<String, ColumnType> types = keyTypes(mapped(reference.table()));
        Map<String, String> values = new LinkedHashMap<>();
        for (Map.Entry<String, ColumnType> type : types.entrySet()) {
            Column local = requireNonNull(reference.columns().get(type.getKey()));
            String sql = FilterSql.column(local.name());
            values.put(
                    type.getKey(),
                    local.type().kind() == type.getValue().kind()
                            ? sql
                            : CanonicalSql.parse(type.getValue(), column(local)));
        }
        return CanonicalSql.derivedBytes(reference.table(), CanonicalSql.keyJson(types, values), reference.model());
    }

    private SourceTable.Mapped mapped(QualifiedName name) {
        if (contract.source(name) instanceof SourceTable.Mapped found) {
            return found;
        }
        throw new IllegalArgumentException("the contract maps no table %s".formatted(name));
    }

    private static Map<String, ColumnType> keyTypes(SourceTable.Mapped of) {
        Map<String, ColumnType> types = new LinkedHashMap<>();
        of.key().forEach(name -> types.put(name, requireNonNull(of.columns().get(name))));
        return types;
    }

    private String map(Expression.ValueMap map) {
        String of = text(map.of());
        String otherwise = map.otherwise() == null
                ? "null"
                : "case when (%s) is not null then %s end".formatted(of, Sql.literal(map.otherwise()));
        if (map.entries().isEmpty()) {
            return "(" + otherwise + ")::text";
        }
        StringBuilder sql = new StringBuilder("(case (").append(of).append(") collate \"C\"");
        map.entries()
                .forEach((from, to) -> sql.append(" when ")
                        .append(Sql.literal(from))
                        .append(" then ")
                        .append(Sql.literal(to)));
        return sql.append(" else ").append(otherwise).append(" end)::text").toString();
    }

    private String unmapped(Expression.ValueMap map) {
        String of = text(map.of());
        if (map.entries().isEmpty()) {
            return "((" + of + ") is not null)";
        }
        String known = map.entries().keySet().stream().map(Sql::literal).collect(Collectors.joining(", "));
        return "((%s) collate \"C\" not in (%s))".formatted(of, known);
    }

    private @Nullable String anyMeaningless(List<Expression> parts) {
        String result = null;
        for (Expression part : parts) {
            result = either(result, meaningless(part));
        }
        return result;
    }

    private @Nullable String firstMeaningless(List<Expression> parts) {
        String result = null;
        StringBuilder earlierAreNull = new StringBuilder();
        for (Expression part : parts) {
            String own = meaningless(part);
            result = either(result, own == null ? null : "(" + earlierAreNull + own + ")");
            earlierAreNull.append("(").append(text(part)).append(") is null and ");
        }
        return result;
    }

    private static @Nullable String either(@Nullable String left, @Nullable String right) {
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        // A comparison with NULL does not hold, and must not make the whole unknown either.
        return "(coalesce(" + left + ", false) or coalesce(" + right + ", false))";
    }

    private static String jsonField(Column of, List<String> path) {
        String steps = path.stream().map(Sql::literal).collect(Collectors.joining(", ", "array[", "]::text[]"));
        String document = "(" + FilterSql.column(of.name()) + ")::jsonb";
        return "(case when jsonb_typeof(%s #> %s) in ('string', 'number', 'boolean') then %s #>> %s end)"
                .formatted(document, steps, document, steps);
    }

    private String scale(Expression of, int power) {
        String factor = BigDecimal.ONE.scaleByPowerOfTen(power).toPlainString();
        return "((" + text(of) + ")::numeric * " + factor + ")::text";
    }

    private String texts(List<Expression> parts) {
        return parts.stream().map(this::text).collect(Collectors.joining(", "));
    }
}
