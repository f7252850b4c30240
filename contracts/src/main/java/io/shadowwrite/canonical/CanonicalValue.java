package io.shadowwrite.canonical;

import io.shadowwrite.contract.ColumnType;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one spelling of a value, from the text that logical decoding gives. Stateless and safe for any thread. */
public final class CanonicalValue {

    /** PostgreSQL's ISO text in UTC, and the canonical form itself, so that applying the rule twice changes nothing. */
    private static final Pattern TIMESTAMP =
            Pattern.compile("(\\d{4,6}-\\d\\d-\\d\\d)[ T](\\d\\d:\\d\\d:\\d\\d)(?:\\.(\\d+))?(Z|\\+00|)");

    /** PostgreSQL's own limits of numeric; beyond them an exponent could ask for gigabytes of zeros. */
    private static final int MOST_DIGITS_BEFORE_POINT = 131_072;

    private static final int MOST_DIGITS_AFTER_POINT = 16_383;

    /** A zero stands for any digit. */
    private static final String DATE_AND_TIME = "0000-00-00 00:00:00";

    private static final String UTC = "+00";
    private static final int MOST_USUAL = DATE_AND_TIME.length() + 7;

    private CanonicalValue() {}

    /**
     * Canonical text of a value that is not NULL. Applied to canonical text it gives the same text.
     *
     * @param decoded the value as wal2json spells it: numbers by their token, bytea as bare hex, timestamps as
     *     PostgreSQL's ISO text in UTC
     * @throws IllegalArgumentException when the text is not a value of the type, or one that has no canonical form; the
     *     message names the fix and never the value
     */
    public static String of(ColumnType type, String decoded) {
        return switch (type.kind()) {
            case BOOLEAN -> truth(decoded);
            case DECIMAL -> decimal(decoded);
            case BLANK_PADDED -> withoutTrailingSpaces(decoded);
            case TIMESTAMP, TIMESTAMPTZ -> timestamp(decoded);
            case BYTEA -> bytes(decoded);
            // The server's own text is the canonical one; json travels as written.
            case INTEGER, FLOAT, TEXT, UUID, DATE, TIME, INTERVAL, JSON, JSONB, ARRAY, OTHER -> decoded;
        };
    }

    private static String truth(String decoded) {
        return switch (decoded) {
            case "true", "t" -> "true";
            case "false", "f" -> "false";
            default -> throw new IllegalArgumentException("a boolean must be true or false");
        };
    }

    private static String decimal(String decoded) {
        if (isPlain(decoded)) {
            return decoded;
        }
        if (decoded.equals("NaN") || decoded.equals("Infinity") || decoded.equals("-Infinity")) {
            return decoded;
        }
        BigDecimal value = parsed(decoded);
        if (value.scale() > MOST_DIGITS_AFTER_POINT
                || (long) value.precision() - value.scale() > MOST_DIGITS_BEFORE_POINT) {
            throw new IllegalArgumentException("a numeric has at most %d digits before and %d after the point"
                    .formatted(MOST_DIGITS_BEFORE_POINT, MOST_DIGITS_AFTER_POINT));
        }
        return value.toPlainString();
    }

    /** The spelling that PostgreSQL itself uses for a positive number; by far the common case, so it costs no BigDecimal. */
    private static boolean isPlain(String decoded) {
        boolean point = false;
        for (int i = 0; i < decoded.length(); i++) {
            char c = decoded.charAt(i);
            boolean inner = i > 0 && i < decoded.length() - 1;
            if (c == '.' && inner && !point) {
                point = true;
            } else if (c < '0' || c > '9' || (c == '0' && i == 0 && leadsOtherDigits(decoded))) {
                return false;
            }
        }
        return !decoded.isEmpty();
    }

    private static boolean leadsOtherDigits(String decoded) {
        return decoded.length() > 1 && decoded.charAt(1) != '.';
    }

    private static BigDecimal parsed(String decoded) {
        try {
            return new BigDecimal(decoded);
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException("a numeric must be a decimal number, NaN or an infinity");
        }
    }

    private static String withoutTrailingSpaces(String decoded) {
        int end = decoded.length();
        while (end > 0 && decoded.charAt(end - 1) == ' ') {
            end--;
        }
        return decoded.substring(0, end);
    }

    private static String timestamp(String decoded) {
        if (decoded.equals("infinity") || decoded.equals("-infinity")) {
            return decoded;
        }
        if (isUsualTimestamp(decoded)) {
            String fraction = decoded.substring(DATE_AND_TIME.length(), decoded.length() - UTC.length());
            String micros = fraction.isEmpty() ? ".000000" : (fraction + "00000").substring(0, 7);
            return decoded.substring(0, 10) + "T" + decoded.substring(11, DATE_AND_TIME.length()) + micros + "Z";
        }
        Matcher parts = TIMESTAMP.matcher(decoded);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    decoded.endsWith(" BC")
                            ? "a timestamp before the year 1 has no canonical form: correct the row in the source"
                            : "a timestamp must be ISO text in UTC: the decoding session needs DateStyle ISO and TimeZone UTC");
        }
        String fraction = parts.group(3) == null ? "" : parts.group(3);
        return parts.group(1) + "T" + parts.group(2) + "." + (fraction + "000000").substring(0, 6) + "Z";
    }

    /** Year of four digits, at most microseconds, UTC: almost every timestamp, so it costs no pattern. */
    private static boolean isUsualTimestamp(String decoded) {
        int end = decoded.length() - UTC.length();
        if (end < DATE_AND_TIME.length() || end > MOST_USUAL || !decoded.endsWith(UTC)) {
            return false;
        }
        for (int i = 0; i < end; i++) {
            char wanted =
                    i < DATE_AND_TIME.length() ? DATE_AND_TIME.charAt(i) : i == DATE_AND_TIME.length() ? '.' : '0';
            char c = decoded.charAt(i);
            if (wanted == '0' ? c < '0' || c > '9' : c != wanted) {
                return false;
            }
        }
        return end != DATE_AND_TIME.length() + 1;
    }

    private static String bytes(String decoded) {
        String hex = decoded.startsWith("\\x") ? decoded.substring(2) : decoded;
        if (hex.length() % 2 != 0 || !hex.chars().allMatch(CanonicalValue::isHexDigit)) {
            throw new IllegalArgumentException(
                    "a bytea must be pairs of hex digits: the decoding session needs bytea_output hex");
        }
        return "\\x" + hex.toLowerCase(Locale.ROOT);
    }

    private static boolean isHexDigit(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }
}
