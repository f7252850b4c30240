package io.shadowwrite.transform;

import static java.util.Objects.requireNonNull;

import io.shadowwrite.canonical.CanonicalKey;
import io.shadowwrite.canonical.DerivedKey;
import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.ColumnType.Kind;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.Expression;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.replication.ColumnValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Turns the expressions of one target column into a {@link Formula}.
 *
 * @param place model and column, for messages
 */
record FormulaCompiler(Contract contract, QualifiedName table, RowLayout layout, String model, String place) {

    /** The formula whose result is spelled as the target's type spells it. */
    Formula compile(Expression expression, ColumnType target) {
        Formula formula = compile(expression);
        boolean alreadyFits = switch (expression) {
            case Expression.Column column -> target.equals(column.type());
            // Both spell a uuid as the server does.
            case Expression.Derived _ -> target.kind() == Kind.UUID;
            case Expression.Reference _ -> target.kind() == Kind.UUID;
            case Expression.Constant _,
                    Expression.ValueMap _,
                    Expression.Coalesce _,
                    Expression.Concat _,
                    Expression.JsonField _,
                    Expression.Trim _,
                    Expression.Lower _,
                    Expression.Upper _,
                    Expression.Scale _,
                    Expression.Zone _ -> false;
        };
        return alreadyFits || Cast.keepsText(target) ? formula : formula.then(place, Cast.to(target));
    }

    private Formula compile(Expression expression) {
        return switch (expression) {
            case Expression.Column column -> column(column);
            case Expression.Constant(String value) -> constant(Formula.constant(value));
            case Expression.Derived _ ->
                row -> new ColumnValue.Text(
                        DerivedKey.of(table, row.key(), model).toString());
            case Expression.Reference reference -> reference(reference);
            case Expression.ValueMap map -> valueMap(map);
            case Expression.Coalesce(List<Expression> parts) -> coalesce(compileAll(parts));
            case Expression.Concat(List<Expression> parts, String separator) -> concat(compileAll(parts), separator);
            case Expression.JsonField field -> jsonField(field);
            case Expression.Trim(Expression of) -> compile(of).then(PlainText::trim);
            case Expression.Lower(Expression of) -> compile(of).then(PlainText::lower);
            case Expression.Upper(Expression of) -> compile(of).then(PlainText::upper);
            case Expression.Scale(Expression of, int power) -> scale(compile(of), power);
            case Expression.Zone(Expression of, String zone) -> zone(compile(of), new LocalTime(zone));
        };
    }

    private static Formula constant(ColumnValue value) {
        return _ -> value;
    }

    /** A copy; its cast names the type of the target column, which respells every value anyway. */
    private Formula column(Expression.Column column) {
        int ordinal = layout.ordinal(column.name());
        return row -> row.get(ordinal);
    }

    private List<Formula> compileAll(List<Expression> parts) {
        return parts.stream().map(this::compile).toList();
    }

    private Formula reference(Expression.Reference reference) {
        if (!(contract.source(reference.table()) instanceof SourceTable.Mapped target)) {
            throw new IllegalArgumentException(
                    "%s refers to table %s, which the contract does not map".formatted(place, reference.table()));
        }
        Map<String, ColumnType> types = new HashMap<>();
        Map<String, Formula> columns = new HashMap<>();
        reference.columns().forEach((keyColumn, local) -> {
            ColumnType type = requireNonNull(target.columns().get(keyColumn));
            types.put(keyColumn, type);
            // The reader admits only columns that spell equal values as the key column does.
            columns.put(keyColumn, column(local));
        });
        return row -> {
            Map<String, String> key = HashMap.newHashMap(columns.size());
            ColumnValue obstacle = keyTexts(columns, row, key);
            return key.size() < columns.size()
                    ? obstacle
                    : new ColumnValue.Text(
                            DerivedKey.of(reference.table(), CanonicalKey.json(types, key), reference.model())
                                    .toString());
        };
    }

    /** Fills in the texts; NULL as soon as one column is NULL, whatever the others are, null when one was not sent. */
    private static @Nullable ColumnValue keyTexts(
            Map<String, Formula> columns, SourceRow row, Map<String, String> texts) {
        for (Map.Entry<String, Formula> column : columns.entrySet()) {
            switch (column.getValue().of(row)) {
                case ColumnValue.Text(String text) -> texts.put(column.getKey(), text);
                case ColumnValue.Null isNull -> {
                    return isNull;
                }
                case null -> {
                    // Another column may still be NULL, which decides.
                }
            }
        }
        return null;
    }

    private Formula valueMap(Expression.ValueMap map) {
        Formula of = compile(map.of());
        Map<String, ColumnValue> entries = new HashMap<>();
        map.entries().forEach((from, to) -> entries.put(from, new ColumnValue.Text(to)));
        ColumnValue otherwise = Formula.constant(map.otherwise());
        return row -> {
            ColumnValue value = of.of(row);
            if (!(value instanceof ColumnValue.Text(String text))) {
                return value;
            }
            ColumnValue mapped = entries.get(text);
            if (mapped == null && map.strict()) {
                throw row.problem(TransformProblem.Code.UNMAPPED_VALUE, place + " has no entry for the row's value");
            }
            return mapped == null ? otherwise : mapped;
        };
    }

    private static Formula coalesce(List<Formula> parts) {
        return row -> {
            for (Formula part : parts) {
                ColumnValue value = part.of(row);
                if (!(value instanceof ColumnValue.Null)) {
                    return value;
                }
            }
            return ColumnValue.NULL;
        };
    }

    private static Formula concat(List<Formula> parts, String separator) {
        return row -> {
            List<String> texts = new ArrayList<>(parts.size());
            for (Formula part : parts) {
                switch (part.of(row)) {
                    case ColumnValue.Text(String text) -> texts.add(text);
                    case ColumnValue.Null _ -> {
                        // Left out, and its separator with it.
                    }
                    case null -> {
                        return null;
                    }
                }
            }
            return new ColumnValue.Text(String.join(separator, texts));
        };
    }

    private Formula jsonField(Expression.JsonField field) {
        Formula document = column(field.of());
        return row -> {
            ColumnValue value = document.of(row);
            return value instanceof ColumnValue.Text(String json) ? scalar(row, json, field.path()) : value;
        };
    }

    private ColumnValue scalar(SourceRow row, String json, List<String> path) {
        try {
            return Formula.constant(JsonScalar.at(json, path));
        } catch (IllegalArgumentException e) {
            throw row.problem(TransformProblem.Code.UNREPRESENTABLE_VALUE, place + ": " + e.getMessage());
        }
    }

    private Formula zone(Formula of, LocalTime zone) {
        UnaryOperator<String> timestamp = Cast.to(new ColumnType("timestamp without time zone", Kind.TIMESTAMP));
        return of.then(place, text -> zone.toUtc(timestamp.apply(text)));
    }

    /** As PostgreSQL multiplies numerics: the decimals of both factors add up. */
    private Formula scale(Formula of, int power) {
        BigDecimal factor = power < 0 ? BigDecimal.ONE.movePointLeft(-power) : BigDecimal.TEN.pow(power);
        return of.then(
                place,
                text -> Cast.isFinite(text) ? Cast.number(text).multiply(factor).toPlainString() : text);
    }
}
