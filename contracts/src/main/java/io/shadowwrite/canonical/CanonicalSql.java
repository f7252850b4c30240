package io.shadowwrite.canonical;

import static java.util.Objects.requireNonNull;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.ColumnType.Kind;
import io.shadowwrite.contract.QualifiedName;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SQL expressions that compute on a server what {@link CanonicalValue}, {@link CanonicalKey} and {@link DerivedKey}
 * compute here. They use nothing but built-in functions and hold in sessions with TimeZone UTC, DateStyle ISO,
 * IntervalStyle postgres, extra_float_digits 1 and standard_conforming_strings on.
 */
public final class CanonicalSql {

    private static final Pattern LENGTH = Pattern.compile("\\(\\d+\\)");
    private static final Pattern SIZED_ARRAY =
            Pattern.compile("(character|character varying|bit|bit varying)(?:\\(\\d+\\))?((?:\\[\\d*])+)");
    private static final String NUMBER =
            "^([+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,2})?|NaN|[+-]?Infinity)$";

    private static final String TIME = "^([0-9]{4,6}-[0-9T:.-]+Z|-?infinity)$";

    private static final Pattern BITS = Pattern.compile("bit( varying)?(\\(\\d+\\))?");

    private CanonicalSql() {}

    /** Canonical text of a column or expression of that type; NULL stays NULL. */
    public static String text(ColumnType type, String expression) {
        String e = "(" + expression + ")";
        return switch (type.kind()) {
            case TEXT, BLANK_PADDED, BOOLEAN, INTEGER, DECIMAL, FLOAT, UUID, DATE, TIME, INTERVAL, ARRAY ->
                e + "::text";
            case OTHER -> castsToItsText(type) ? e + "::text" : output(e);
            case TIMESTAMP -> timestamp(e, e, "timestamp '0001-01-01 00:00:00'");
            case TIMESTAMPTZ -> timestamp(e, e + " at time zone 'UTC'", "timestamptz '0001-01-01 00:00:00+00'");
            case BYTEA -> "('\\x' || encode(%s, 'hex'))".formatted(e);
            case JSON, JSONB -> e + "::jsonb::text";
        };
    }

    /**
     * A column or expression of that type as {@link RowHash} takes it: the value itself where what the server sends for it
     * tells it from every other value, so that it is spelled once, with its row; otherwise its canonical text.
     */
    public static String hashed(ColumnType type, String expression) {
        return switch (type.kind()) {
            case BOOLEAN, BLANK_PADDED -> "(" + expression + ")::text";
            case JSON -> "(" + expression + ")::jsonb";
            // Its bytes: a derived identity then never becomes a uuid, and bytes are spelled faster.
            case UUID -> "uuid_send(" + expression + ")";
            case TEXT,
                    INTEGER,
                    DECIMAL,
                    FLOAT,
                    BYTEA,
                    DATE,
                    TIME,
                    TIMESTAMP,
                    TIMESTAMPTZ,
                    INTERVAL,
                    JSONB,
                    ARRAY,
                    OTHER -> "(" + expression + ")";
        };
    }

    /**
     * Whether a value of the type has several canonical texts, of which {@link #loose} makes one. So have values of json, but only
     * in the numbers within them, and of those no text tells what is one value.
     */
    public static boolean hasSpellings(ColumnType type) {
        return switch (type.kind()) {
            case DECIMAL, FLOAT, TIMESTAMP, TIMESTAMPTZ -> true;
            case TEXT, BLANK_PADDED, BOOLEAN, INTEGER, UUID, BYTEA, DATE, TIME, INTERVAL, JSON, JSONB, ARRAY, OTHER ->
                false;
        };
    }

    /**
     * One text for all canonical texts of a value of such a type, without its declared digits, which would round a difference
     * away. A text that the type cannot read stays as it is.
     *
     * @param text the name of a column that holds a canonical text or NULL
     */
    public static String loose(ColumnType type, String text) {
        return switch (type.kind()) {
            case DECIMAL -> when(text, NUMBER, "trim_scale(%s::numeric)".formatted(text));
            // Zero has a sign there that makes it no other value.
            case FLOAT -> when(text, NUMBER, "(%s::float8 + 0)".formatted(text));
            case TIMESTAMP -> when(text, TIME, text + "::timestamp");
            case TIMESTAMPTZ -> when(text, TIME, text + "::timestamptz");
            case TEXT, BLANK_PADDED, BOOLEAN, INTEGER, UUID, BYTEA, DATE, TIME, INTERVAL, JSON, JSONB, ARRAY, OTHER ->
                text;
        };
    }

    private static String when(String text, String pattern, String value) {
        return "(case when %1$s ~ '%2$s' then %3$s::text else %1$s end)".formatted(text, pattern, value);
    }

    /**
     * Whether a cast to text gives what the server sends. It does not for inet, where the cast adds a netmask, nor for
     * domains over inet, boolean or character; whether a type with a schema is such a domain is not known here.
     */
    private static boolean castsToItsText(ColumnType type) {
        return !type.sql().startsWith("\"") && !type.sql().equals("inet");
    }

    /** A row of nulls "is null" without being NULL, but it is distinct from it. */
    private static String output(String expression) {
        return "(case when %1$s is distinct from null then format('%%s', %1$s) end)".formatted(expression);
    }

    /** Years before 1 keep the server's text, which ends in BC: to_char would make them equal to years after it. */
    private static String timestamp(String value, String utc, String first) {
        return """
                (case when isfinite(%s) and %s >= %s
                 then to_char(%s, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') else %s::text end)""".formatted(value, value, first, utc, value);
    }

    /**
     * The value that a canonical text stands for, as the type to be assigned or compared. A declared length is left out
     * of the cast: an explicit cast would cut a longer text silently, an assignment refuses it. A domain has its length in
     * itself, so it is read as the element of an array, because what is read and not cast is not cut. Numbers and times are
     * rounded to the declared digits, as an assignment rounds them.
     */
    public static String parse(ColumnType type, String textExpression) {
        boolean mayBeDomain =
                type.kind() == Kind.OTHER && !BITS.matcher(type.sql()).matches();
        return mayBeDomain
                ? "(array[(%s)::text]::text::%s[])[1]".formatted(textExpression, type.sql())
                : "(" + textExpression + ")::" + castType(type);
    }

    private static String castType(ColumnType type) {
        return switch (type.kind()) {
            case TEXT -> LENGTH.matcher(type.sql()).replaceAll("");
            // Without a length, "character" would mean one character; bpchar has none.
            case BLANK_PADDED -> "bpchar";
            case ARRAY -> castArray(type.sql());
            case BOOLEAN,
                    INTEGER,
                    DECIMAL,
                    FLOAT,
                    UUID,
                    BYTEA,
                    DATE,
                    TIME,
                    TIMESTAMP,
                    TIMESTAMPTZ,
                    INTERVAL,
                    JSON,
                    JSONB -> type.sql();
            case OTHER -> "bit varying"; // of the others nothing is cast
        };
    }

    private static String castArray(String sql) {
        Matcher sized = SIZED_ARRAY.matcher(sql);
        if (!sized.matches()) {
            return sql;
        }
        String element = switch (sized.group(1)) {
            case "character" -> "bpchar";
            case "bit" -> "bit varying";
            default -> sized.group(1);
        };
        return element + sized.group(2);
    }

    /**
     * Canonical key JSON as text, from an SQL expression per key column (of the column's own type, not text). NULL when
     * any of them is NULL.
     */
    public static String keyJson(Map<String, ColumnType> types, Map<String, String> expressions) {
        if (types.isEmpty() || !types.keySet().equals(expressions.keySet())) {
            throw new IllegalArgumentException("a key needs an expression for each of %s, not for %s"
                    .formatted(types.keySet(), expressions.keySet()));
        }
        StringBuilder sql = new StringBuilder("(");
        StringBuilder between = new StringBuilder("{");
        for (String column : CodePointOrder.sorted(types.keySet())) {
            ColumnType type = requireNonNull(types.get(column));
            String text = text(type, requireNonNull(expressions.get(column)));
            JsonText.append(between, column);
            between.append(':').append(quote(type));
            sql.append(literal(between.toString())).append(" || ");
            sql.append(isEscaped(type) ? "to_json(" + text + ")::text" : text).append(" || ");
            between.setLength(0);
            between.append(quote(type)).append(',');
        }
        between.setCharAt(between.length() - 1, '}');
        return sql.append(literal(between.toString())).append(")").toString();
    }

    /** Nothing in these texts is ever escaped, and two quotes cost less than a look at every character. */
    private static String quote(ColumnType type) {
        return isEscaped(type) || type.kind() == Kind.INTEGER ? "" : "\"";
    }

    private static boolean isEscaped(ColumnType type) {
        return switch (type.kind()) {
            case INTEGER, UUID, BOOLEAN, DECIMAL, FLOAT, DATE, TIME, TIMESTAMP, TIMESTAMPTZ, INTERVAL -> false;
            case TEXT, BLANK_PADDED, BYTEA, JSON, JSONB, ARRAY, OTHER -> true;
        };
    }

    /** The derived identity as uuid, from an SQL expression for the canonical key text; NULL for a NULL key. */
    public static String derivedKey(QualifiedName table, String keyExpression, String model) {
        return "encode(" + derivedBytes(table, keyExpression, model) + ", 'hex')::uuid";
    }

    /** The 16 bytes of the derived identity. */
    public static String derivedBytes(QualifiedName table, String keyExpression, String model) {
        String hashed = "%s || (%s) || %s"
                .formatted(literal(DerivedKey.prefix(table)), keyExpression, literal(DerivedKey.suffix(model)));
        // Bit by bit (version, then variant), because each step takes the hash once: no subquery has to keep it.
        return """
                set_bit(set_bit(set_bit(set_bit(set_bit(set_bit(
                 substring(sha256(convert_to(%s, 'UTF8')) from 1 for 16), 55, 0), 54, 1), 53, 1), 52, 1), 71, 1), 70, 0)""".formatted(hashed);
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
