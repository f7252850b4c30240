package io.shadowwrite.verification.compile;

import io.shadowwrite.canonical.CanonicalSql;
import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.ColumnType.Kind;
import io.shadowwrite.contract.Expression;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Expected text as a target column would hold it. A value that the target type cannot hold stays as it is, so that it
 * shows as a difference of its row instead of ending the whole query.
 */
final class TargetText {

    private static final Pattern SCALE = Pattern.compile("numeric\\(\\d+,(\\d+)\\)");
    private static final Pattern PRECISION_ONLY = Pattern.compile("numeric\\(\\d+\\)");
    private static final Pattern LENGTH = Pattern.compile("character varying\\((\\d+)\\)");

    private static final String INTEGER = "^\\s*[+-]?[0-9]+\\s*$";
    private static final String DECIMAL =
            "^\\s*([+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]{1,3})?|NaN|[+-]?Infinity)\\s*$";
    private static final String BOOLEAN =
            "^\\s*([tT]|[tT][rR][uU][eE]|[yY]|[yY][eE][sS]|[oO][nN]|1|[fF]|[fF][aA][lL][sS][eE]|[nN]|[nN][oO]|[oO][fF][fF]|0)\\s*$";
    private static final String UUID = "^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$";

    private TargetText() {}

    /** What the column shall hold, from the expression and the canonical text it compiles to. */
    static String of(Expression expression, String text, ColumnType target) {
        if (target.kind() == Kind.JSON || target.kind() == Kind.JSONB) {
            return CanonicalSql.text(target, "(" + text + ")::jsonb");
        }
        if (alreadyThere(expression, target) || isForeignType(target)) {
            return text;
        }
        return converted(text, target);
    }

    /** The same as a value of the target's type, which is what a key is made of. */
    static String value(Expression expression, String text, ColumnType target) {
        return isForeignType(target) ? text : CanonicalSql.parse(target, of(expression, text, target));
    }

    /** Enums and other types of the target's own schemas need not exist on the source. */
    private static boolean isForeignType(ColumnType target) {
        return (target.kind() == Kind.OTHER || target.kind() == Kind.ARRAY)
                && target.sql().contains(".");
    }

    private static boolean alreadyThere(Expression expression, ColumnType target) {
        return switch (expression) {
            case Expression.Derived _, Expression.Reference _ -> target.kind() == Kind.UUID;
            case Expression.Column column ->
                column.type().sql().equals(target.sql())
                        || sameTextForKind(column.type().kind(), target.kind());
            case Expression.Constant(String value) -> isCanonical(value, target);
            case Expression.ValueMap map ->
                isCanonical(map.otherwise(), target)
                        && map.entries().values().stream().allMatch(value -> isCanonical(value, target));
            case Expression.Coalesce _,
                    Expression.Concat _,
                    Expression.JsonField _,
                    Expression.Trim _,
                    Expression.Lower _,
                    Expression.Upper _,
                    Expression.Scale _,
                    Expression.Zone _ -> false;
        };
    }

    /** Truth values that a contract spells as the target does need not be read by the server, row by row. */
    private static boolean isCanonical(@Nullable String value, ColumnType target) {
        return value == null || (target.kind() == Kind.BOOLEAN && (value.equals("true") || value.equals("false")));
    }

    /** Whether every value of one kind has the same canonical text as that value of the other. */
    static boolean sameTextForKind(Kind source, Kind target) {
        return source == target
                && switch (target) {
                    case BOOLEAN, INTEGER, UUID, BYTEA, DATE -> true;
                    case DECIMAL,
                            FLOAT,
                            TEXT,
                            BLANK_PADDED,
                            TIME,
                            TIMESTAMP,
                            TIMESTAMPTZ,
                            INTERVAL,
                            JSON,
                            JSONB,
                            ARRAY,
                            OTHER -> false;
                };
    }

    private static String converted(String text, ColumnType target) {
        String t = "(" + text + ")";
        return switch (target.kind()) {
            case BOOLEAN -> when(t, BOOLEAN, t + "::boolean::text");
            // By way of numeric, because a number beyond the type's range is a difference and not an error here.
            case INTEGER -> when(t, INTEGER, t + "::numeric::text");
            case DECIMAL -> when(t, DECIMAL, rounded(t + "::numeric", target) + "::text");
            case UUID -> when(t, UUID, t + "::uuid::text");
            case TEXT -> fitted(t, target);
            case BLANK_PADDED, FLOAT, BYTEA, DATE, TIME, TIMESTAMP, TIMESTAMPTZ, INTERVAL, JSON, JSONB, ARRAY, OTHER ->
                CanonicalSql.text(target, CanonicalSql.parse(target, t));
        };
    }

    /** A uuid as {@link CanonicalSql#hashed} takes it; what is none stays as it is. */
    static String uuidBytes(String text) {
        String t = "(" + text + ")";
        return when(t, UUID, "uuid_send(" + t + "::uuid)::text");
    }

    private static String when(String text, String pattern, String then) {
        return "(case when %s ~ %s then %s else %s end)".formatted(text, Sql.literal(pattern), then, text);
    }

    private static String rounded(String number, ColumnType target) {
        Matcher scale = SCALE.matcher(target.sql());
        if (scale.matches()) {
            return "round(" + number + ", " + scale.group(1) + ")";
        }
        return PRECISION_ONLY.matcher(target.sql()).matches() ? "round(" + number + ", 0)" : number;
    }

    /** An assignment cuts trailing spaces that do not fit, and refuses everything else that does not. */
    private static String fitted(String text, ColumnType target) {
        Matcher length = LENGTH.matcher(target.sql());
        if (!length.matches()) {
            return text;
        }
        String n = length.group(1);
        return "(case when char_length(rtrim(%s, ' ')) <= %s then left(%s, %s) else %s end)"
                .formatted(text, n, text, n, text);
    }
}
