package io.shadowwrite.transform;

import io.shadowwrite.canonical.CanonicalValue;
import io.shadowwrite.contract.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Respells canonical text as another type spells the same value; text that is no such value is refused. */
final class Cast {

    private static final Pattern DECLARED = Pattern.compile("numeric\\((\\d+)(?:,\\s*(-?\\d+))?\\)");
    private static final Pattern LENGTH = Pattern.compile("character varying\\((\\d+)\\)");
    private static final Pattern DATE = Pattern.compile("\\d{4,7}-\\d\\d-\\d\\d");

    private static final int UUID_LENGTH = 36;

    private Cast() {}

    /** Whether values of this type are spelled as they come. */
    static boolean keepsText(ColumnType type) {
        return switch (type.kind()) {
            case TEXT -> !LENGTH.matcher(type.sql()).matches();
            case FLOAT, TIME, INTERVAL, JSON, JSONB, ARRAY, OTHER -> true;
            case BOOLEAN, INTEGER, DECIMAL, BLANK_PADDED, UUID, BYTEA, DATE, TIMESTAMP, TIMESTAMPTZ -> false;
        };
    }

    static UnaryOperator<String> to(ColumnType type) {
        return switch (type.kind()) {
            case INTEGER -> Cast::integer;
            case DECIMAL -> decimal(type);
            case UUID -> Cast::uuid;
            case DATE -> Cast::date;
            case TIMESTAMP, TIMESTAMPTZ ->
                text -> CanonicalValue.of(type, DATE.matcher(text).matches() ? text + " 00:00:00" : text);
            case BOOLEAN -> Cast::truth;
            case TEXT -> fitted(type);
            case BLANK_PADDED, BYTEA -> text -> CanonicalValue.of(type, text);
            case FLOAT, TIME, INTERVAL, JSON, JSONB, ARRAY, OTHER -> UnaryOperator.identity();
        };
    }

    /** An assignment cuts trailing spaces that do not fit; of anything else that does not, the target says so. */
    private static UnaryOperator<String> fitted(ColumnType type) {
        Matcher length = LENGTH.matcher(type.sql());
        if (!length.matches()) {
            return UnaryOperator.identity();
        }
        int most = Integer.parseInt(length.group(1));
        return text -> {
            if (text.length() <= most || text.codePointCount(0, text.length()) <= most) {
                return text;
            }
            int end = text.offsetByCodePoints(0, most);
            return PlainText.trim(text.substring(end)).isEmpty() ? text.substring(0, end) : text;
        };
    }

    private static String truth(String text) {
        return switch (PlainText.lower(text)) {
            case "true", "t", "yes", "y", "on", "1" -> "true";
            case "false", "f", "no", "n", "off", "0" -> "false";
            default -> throw new IllegalArgumentException("the value is not a boolean");
        };
    }

    private static String integer(String text) {
        try {
            return new BigInteger(text.strip()).toString();
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException("the value is not an integer");
        }
    }

    private static UnaryOperator<String> decimal(ColumnType type) {
        Matcher declared = DECLARED.matcher(type.sql());
        if (!declared.matches()) {
            return text -> CanonicalValue.of(type, text.strip());
        }
        int scale = declared.group(2) == null ? 0 : Integer.parseInt(declared.group(2));
        return text -> isFinite(text) ? rounded(text, scale) : text;
    }

    /** Half away from zero, as the server rounds to a declared scale. */
    private static String rounded(String text, int scale) {
        BigDecimal value = number(text);
        return value.scale() == scale
                ? value.toPlainString()
                : value.setScale(scale, RoundingMode.HALF_UP).toPlainString();
    }

    static boolean isFinite(String number) {
        return !number.equals("NaN") && !number.endsWith("Infinity");
    }

    /** The number with the digits after the point that the server would show. */
    static BigDecimal number(String text) {
        try {
            BigDecimal value = new BigDecimal(text.strip());
            return value.scale() < 0 ? value.setScale(0) : value;
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException("the value is not a number");
        }
    }

    private static String uuid(String text) {
        if (!isUuid(text)) {
            throw new IllegalArgumentException("the value is not a uuid");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    private static boolean isUuid(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean fits = switch (i) {
                case 8, 13, 18, 23 -> c == '-';
                default -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
            };
            if (!fits) {
                return false;
            }
        }
        return text.length() == UUID_LENGTH;
    }

    private static String date(String text) {
        int time = text.indexOf('T');
        return time < 0 ? text : text.substring(0, time);
    }
}
