package io.shadowwrite.verification.compile;

import io.shadowwrite.canonical.CanonicalSql;
import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.ColumnType.Kind;
import io.shadowwrite.contract.Expression;

/**
 * Expected values as a row hash takes them: the server spells them with their row, exactly as it spells those of the target
 * column. Where the value needs no conversion it never becomes text before that, which is most of what a scan costs.
 */
final class TargetValue {

    private final ExpressionSql expressions;

    TargetValue(ExpressionSql expressions) {
        this.expressions = expressions;
    }

    /** What the column shall hold, spelled as {@link CanonicalSql#hashed} spells the target column. */
    String hashed(Expression expression, ColumnType target) {
        return switch (target.kind()) {
            case JSON, JSONB -> "(" + expressions.text(expression) + ")::jsonb";
            case UUID -> identified(expression, target);
            case TIMESTAMP, TIMESTAMPTZ -> timed(expression, target);
            case BOOLEAN, INTEGER, DECIMAL, FLOAT, TEXT, BLANK_PADDED, BYTEA, DATE, TIME, INTERVAL, ARRAY, OTHER ->
                expression instanceof Expression.Column column && spellsAlike(column.type(), target)
                        ? CanonicalSql.hashed(column.type(), FilterSql.column(column.name()))
                        : text(expression, target);
        };
    }

    /** A part of a key, as a value of the target's type. */
    String key(Expression expression, ColumnType target) {
        if (target.kind() == Kind.UUID && isIdentity(expression)) {
            return expressions.identity(expression);
        }
        if (expression instanceof Expression.Column column
                && column.type().sql().equals(target.sql())) {
            return FilterSql.column(column.name());
        }
        return TargetText.value(expression, expressions.text(expression), target);
    }

    private String identified(Expression expression, ColumnType target) {
        if (isIdentity(expression)) {
            return expressions.identityBytes(expression);
        }
        if (expression instanceof Expression.Column column && column.type().kind() == Kind.UUID) {
            return CanonicalSql.hashed(target, FilterSql.column(column.name()));
        }
        return TargetText.uuidBytes(expressions.text(expression));
    }

    private String timed(Expression expression, ColumnType target) {
        if (expression instanceof Expression.Column column
                && column.type().sql().equals(target.sql())) {
            return FilterSql.column(column.name());
        }
        return target.kind() == Kind.TIMESTAMPTZ && expression instanceof Expression.Zone zone
                ? "(" + expressions.zoned(zone) + ")::" + target.sql()
                : CanonicalSql.parse(target, expressions.text(expression));
    }

    private String text(Expression expression, ColumnType target) {
        return TargetText.of(expression, expressions.text(expression), target);
    }

    private static boolean isIdentity(Expression expression) {
        return expression instanceof Expression.Derived || expression instanceof Expression.Reference;
    }

    /** Whether a value of the one type that the other can hold is sent as the same text. */
    private static boolean spellsAlike(ColumnType source, ColumnType target) {
        return source.sql().equals(target.sql())
                || (source.kind() == target.kind() && TargetText.sameTextForKind(source.kind(), target.kind()));
    }
}
