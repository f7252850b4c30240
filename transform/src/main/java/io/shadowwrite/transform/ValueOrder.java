package io.shadowwrite.transform;

import io.shadowwrite.contract.ColumnType;
import java.math.BigDecimal;
import java.util.Comparator;

/** The order of a type's values over their canonical text, as the server orders them under the C collation. */
final class ValueOrder {

    private static final Comparator<String> DECIMAL = Comparator.comparing(BigDecimal::new);
    private static final Comparator<String> CHRONOLOGICAL =
            Comparator.comparingInt(ValueOrder::era).thenComparing(ValueOrder::chronologically);

    private ValueOrder() {}

    static Comparator<String> of(ColumnType type) {
        return switch (type.kind()) {
            case INTEGER -> Comparator.comparingLong(Long::parseLong);
            case DECIMAL -> DECIMAL;
            case DATE, TIMESTAMP, TIMESTAMPTZ -> CHRONOLOGICAL;
            // A contract compares the others for equality at most, and any total order tells that.
            case BOOLEAN, FLOAT, TEXT, BLANK_PADDED, UUID, BYTEA, TIME, INTERVAL, JSON, JSONB, ARRAY, OTHER ->
                PlainText::byCodePoint;
        };
    }

    private static int era(String text) {
        return switch (text) {
            case "-infinity" -> 0;
            case "infinity" -> 3;
            default -> text.endsWith(" BC") ? 1 : 2;
        };
    }

    /** Within one era: years have four digits or more, and before the first year they count backwards. */
    private static int chronologically(String left, String right) {
        int leftYear = left.indexOf('-');
        int rightYear = right.indexOf('-');
        if (leftYear <= 0 || rightYear <= 0) {
            return 0;
        }
        int byYear =
                Integer.compare(Integer.parseInt(left, 0, leftYear, 10), Integer.parseInt(right, 0, rightYear, 10));
        if (byYear != 0) {
            return left.endsWith(" BC") ? -byYear : byYear;
        }
        return left.substring(leftYear).compareTo(right.substring(rightYear));
    }
}
