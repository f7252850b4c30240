package io.shadowwrite.contract;

import io.shadowwrite.contract.ColumnType.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A value written into the contract, as the canonical text of the type it is compared with or assigned to. */
final class Literal {

    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private static final Pattern BYTES = Pattern.compile("\\\\x(?:[0-9a-f]{2})*");

    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT);

    private static final Map<String, Integer> INTEGER_BITS = Map.of("smallint", 15, "integer", 31, "bigint", 63);

    /** Numbers as short as this read back from a float unchanged and are spelled without exponent by the server. */
    private static final Map<String, Integer> FLOAT_DIGITS = Map.of("real", 6, "double precision", 15);

    private static final int MOST_DIGITS = 1000;

    private Literal() {}

    /** The canonical text; null, reported, when the value is none of that type. */
    static @Nullable String read(JsonTree tree, ColumnType type) {
        boolean number = type.kind() == Kind.INTEGER || type.kind() == Kind.DECIMAL || type.kind() == Kind.FLOAT;
        if (tree.node().isNumber() && number) {
            return canonical(tree, type, tree.node().decimalValue().toString());
        }
        if (tree.node().isBoolean() && type.kind() == Kind.BOOLEAN) {
            return tree.node().booleanValue() ? "true" : "false";
        }
        if (!tree.node().isString()) {
            if (!TypeParser.isUnreadable(type)) {
                tree.refuse("a value of type %s, written as %s".formatted(type.sql(), form(type.kind())));
            }
            return null;
        }
        return canonical(tree, type, tree.text());
    }

    /** As {@link #read}, from a text at a place. */
    static @Nullable String canonical(JsonTree place, ColumnType type, String text) {
        if (TypeParser.isUnreadable(type)) {
            return null;
        }
        String canonical = text.indexOf('\0') < 0 ? canonical(type, text) : null;
        if (canonical == null) {
            place.problem("'%s' is no %s; write %s".formatted(text, type.sql(), form(type.kind())));
        }
        return canonical;
    }

    private static @Nullable String canonical(ColumnType type, String text) {
        try {
            return switch (type.kind()) {
                case BOOLEAN -> text.equals("true") || text.equals("false") ? text : null;
                case INTEGER -> integer(type, text);
                case DECIMAL -> bounded(text).toPlainString();
                case FLOAT -> floating(type, text);
                case BLANK_PADDED -> text.replaceFirst(" +$", "");
                case UUID -> matching(UUID, text.toLowerCase(Locale.ROOT));
                case BYTEA -> matching(BYTES, text.toLowerCase(Locale.ROOT));
                case DATE -> isInfinite(text) ? text : LocalDate.parse(text).toString();
                case TIME -> time(text);
                case TIMESTAMP, TIMESTAMPTZ -> isInfinite(text) ? text : timestamp(text);
                // The server's own spelling is asked for; only a server could check it.
                case TEXT, INTERVAL, JSON, JSONB, ARRAY, OTHER -> text;
            };
        } catch (ArithmeticException | NumberFormatException | DateTimeException _) {
            return null;
        }
    }

    private static BigDecimal bounded(String text) {
        BigDecimal value = new BigDecimal(text);
        if (Math.abs((long) value.scale()) > MOST_DIGITS || value.precision() > MOST_DIGITS) {
            throw new ArithmeticException("too many digits");
        }
        return value;
    }

    private static @Nullable String integer(ColumnType type, String text) {
        BigInteger value = bounded(text).toBigIntegerExact();
        return value.bitLength() <= INTEGER_BITS.getOrDefault(type.sql(), 63) ? value.toString() : null;
    }

    private static @Nullable String floating(ColumnType type, String text) {
        int digits = FLOAT_DIGITS.getOrDefault(type.sql(), 6);
        BigDecimal value = bounded(text).stripTrailingZeros();
        int leading = value.precision() - value.scale();
        boolean plain = value.signum() == 0 || (value.precision() <= digits && leading > -4 && leading <= digits);
        return plain ? value.toPlainString() : null;
    }

    private static String time(String text) {
        String seconds = LocalTime.parse(text).format(DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS", Locale.ROOT));
        return seconds.replaceFirst("\\.?0+$", "").length() < 8
                ? seconds.substring(0, 8)
                : seconds.replaceFirst("\\.?0+$", "");
    }

    private static @Nullable String timestamp(String text) {
        return text.endsWith("Z")
                ? LocalDateTime.parse(text.substring(0, text.length() - 1)).format(MICROSECONDS)
                : null;
    }

    private static boolean isInfinite(String text) {
        return text.equals("infinity") || text.equals("-infinity");
    }

    private static @Nullable String matching(Pattern pattern, String text) {
        return pattern.matcher(text).matches() ? text : null;
    }

    private static String form(Kind kind) {
        return switch (kind) {
            case BOOLEAN -> "true or false";
            case INTEGER -> "a whole number within its range";
            case DECIMAL -> "a decimal number";
            case FLOAT -> "a number of few digits without exponent";
            case TEXT, BLANK_PADDED -> "a string";
            case UUID -> "a string like 00000000-0000-0000-0000-000000000000";
            case BYTEA -> "a string like \\x00ff";
            case DATE -> "a string like 2026-01-31";
            case TIME -> "a string like 23:59:59";
            case TIMESTAMP, TIMESTAMPTZ -> "a string in UTC like 2026-01-31T23:59:59Z";
            case INTERVAL, JSON, JSONB, ARRAY, OTHER -> "a string, spelled as the server does";
        };
    }
}
