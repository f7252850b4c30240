package io.shadowwrite.transform;

import io.shadowwrite.contract.Expression;
import java.util.List;

/**
 * Whether the target may keep what it has for a value that cannot be computed, because a column it takes was not sent. It may
 * when nothing that goes into the value can have changed; a column that was sent may have, unless the old row says otherwise.
 *
 * @param before the row before the change, as far as it is known
 * @param after the row after it, in which what was not sent is unchanged
 */
record KeptValue(RowLayout layout, SourceRow before, SourceRow after) {

    boolean isRight(Expression expression) {
        return switch (expression) {
            case Expression.Column column -> isUnchanged(column);
            case Expression.JsonField field -> isUnchanged(field.of());
            case Expression.Constant _ -> true;
            case Expression.Derived _ -> before.agreesWith(after, layout.keyOrdinals());
            case Expression.Reference reference ->
                reference.columns().values().stream().allMatch(this::isUnchanged);
            case Expression.ValueMap map -> isRight(map.of());
            case Expression.Coalesce(List<Expression> parts) -> isFirstUnchanged(parts);
            case Expression.Concat concat -> concat.parts().stream().allMatch(this::isRight);
            case Expression.Trim(Expression of) -> isRight(of);
            case Expression.Lower(Expression of) -> isRight(of);
            case Expression.Upper(Expression of) -> isRight(of);
            case Expression.Scale scale -> isRight(scale.of());
            case Expression.Zone zone -> isRight(zone.of());
        };
    }

    private boolean isUnchanged(Expression.Column column) {
        int ordinal = layout.ordinal(column.name());
        return !after.has(ordinal) || before.agreesWith(after, List.of(ordinal));
    }

    /** Parts behind one that certainly is not NULL have no say. */
    private boolean isFirstUnchanged(List<Expression> parts) {
        for (Expression part : parts) {
            if (!isRight(part)) {
                return false;
            }
            if (isPresent(part)) {
                return true;
            }
        }
        return true;
    }

    /** What is stored out of line is not NULL, and neither is what is made of it, unless something is looked up in it. */
    private boolean isPresent(Expression expression) {
        return switch (expression) {
            case Expression.Column column -> !after.has(layout.ordinal(column.name()));
            case Expression.Trim(Expression of) -> isPresent(of);
            case Expression.Lower(Expression of) -> isPresent(of);
            case Expression.Upper(Expression of) -> isPresent(of);
            case Expression.Scale scale -> isPresent(scale.of());
            case Expression.Zone zone -> isPresent(zone.of());
            case Expression.Concat _ -> true;
            case Expression.Constant _,
                    Expression.Derived _,
                    Expression.Reference _,
                    Expression.ValueMap _,
                    Expression.Coalesce _,
                    Expression.JsonField _ -> false;
        };
    }
}
