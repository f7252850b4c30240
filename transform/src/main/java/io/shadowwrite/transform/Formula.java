package io.shadowwrite.transform;

import io.shadowwrite.replication.ColumnValue;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An expression of the contract, ready to run. Pure and safe for any thread. */
@FunctionalInterface
interface Formula {

    /** The canonical value for a row, or null when it takes a column that was not sent. */
    @Nullable ColumnValue of(SourceRow row);

    /** This value with text changed; NULL and not sent stay what they are. */
    default Formula then(UnaryOperator<String> text) {
        return row -> {
            ColumnValue value = of(row);
            return value instanceof ColumnValue.Text(String before) ? new ColumnValue.Text(text.apply(before)) : value;
        };
    }

    /** This value with text changed by something that refuses text with an {@link IllegalArgumentException}. */
    default Formula then(String place, UnaryOperator<String> text) {
        return row -> {
            ColumnValue value = of(row);
            if (!(value instanceof ColumnValue.Text(String before))) {
                return value;
            }
            try {
                return new ColumnValue.Text(text.apply(before));
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw row.problem(
                        TransformProblem.Code.UNREPRESENTABLE_VALUE, "%s: %s".formatted(place, e.getMessage()));
            }
        };
    }

    /** The value of a constant. */
    static ColumnValue constant(@Nullable String text) {
        return text == null ? ColumnValue.NULL : new ColumnValue.Text(text);
    }
}
