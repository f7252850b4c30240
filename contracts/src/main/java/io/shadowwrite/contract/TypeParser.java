package io.shadowwrite.contract;

import io.shadowwrite.contract.ColumnType.Kind;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** From the spelling of a type in the file to the one that {@code format_type} uses, and its kind. */
final class TypeParser {

    /** Stands for a type that could not be read, which is reported; whatever meets it is not reported again. */
    static final ColumnType UNREADABLE = new ColumnType("?", Kind.OTHER);

    private static final Pattern SPELLING =
            Pattern.compile("([a-z][a-z0-9_ ]*?) ?(\\( ?\\d+ ?(?:, ?-?\\d+ ?)?\\))?( with(?:out)? time zone)?");

    private static final Pattern INTERVAL_FIELDS =
            Pattern.compile("interval (?:year|month|day|hour|minute|second)(?: to (?:month|hour|minute|second))?");

    private static final Pattern QUALIFIED =
            Pattern.compile("(\"(?:[^\"]|\"\")+\"|[^\".\\s()\\[\\]]+)" + "\\.(\"(?:[^\"]|\"\")+\"|[^\".\\s()\\[\\]]+)");

    private static final Map<String, Rule> RULES = rules();

    /**
     * A type of pg_catalog.
     *
     * @param before its name
     * @param after what follows the modifier
     * @param modifiers how many numbers it takes at most
     * @param modifier the one it has when none is written
     */
    private record Rule(String before, String after, Kind kind, int modifiers, String modifier) {}

    private TypeParser() {}

    static boolean isUnreadable(ColumnType type) {
        return UNREADABLE.equals(type);
    }

    /** Reads a type or reports why it is none, and goes on. */
    static ColumnType read(JsonTree tree) {
        String text = tree.text();
        if (text.isEmpty()) {
            if (tree.node().isString()) {
                tree.problem("a type is missing; write one as format_type spells it, for example numeric(12,2)");
            }
            return UNREADABLE;
        }
        try {
            return parse(text);
        } catch (IllegalArgumentException e) {
            tree.problem(String.valueOf(e.getMessage()));
            return UNREADABLE;
        }
    }

    static ColumnType parse(String text) {
        if (text.endsWith("[]")) {
            ColumnType element = parse(text.substring(0, text.length() - 2).strip());
            String sql = element.kind() == Kind.ARRAY ? element.sql() : element.sql() + "[]";
            return new ColumnType(sql, Kind.ARRAY);
        }
        Matcher qualified = QUALIFIED.matcher(text);
        return qualified.matches()
                ? qualified(unquoted(qualified.group(1)), unquoted(qualified.group(2)))
                : builtIn(text.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " "), text);
    }

    private static ColumnType qualified(String schema, String name) {
        if (schema.equals("pg_catalog")) {
            return parse(name);
        }
        return new ColumnType(new QualifiedName(schema, name).quoted(), Kind.OTHER);
    }

    private static ColumnType builtIn(String text, String written) {
        if (INTERVAL_FIELDS.matcher(text).matches()) {
            return new ColumnType(text, Kind.INTERVAL);
        }
        if (text.equals("money")) {
            throw new IllegalArgumentException("money is spelled by the session's locale and has no canonical form;"
                    + " make it numeric in the source, or leave the table unmapped");
        }
        Matcher parts = SPELLING.matcher(text);
        String suffix = parts.matches() && parts.group(3) != null ? parts.group(3) : "";
        Rule rule = parts.matches() ? RULES.get(parts.group(1) + suffix) : null;
        if (rule == null) {
            throw new IllegalArgumentException("unknown type '%s'%s; a type outside pg_catalog needs its schema, for"
                            .formatted(written, Suggestion.of(text, RULES.keySet()))
                    + " example app.mood");
        }
        String modifier =
                parts.group(2) == null ? rule.modifier() : parts.group(2).replace(" ", "");
        return new ColumnType(rule.before() + checked(modifier, rule, written) + rule.after(), rule.kind());
    }

    private static String checked(String modifier, Rule rule, String written) {
        int given = modifier.isEmpty() ? 0 : modifier.split(",", -1).length;
        if (given > rule.modifiers()) {
            throw new IllegalArgumentException("type '%s' takes %s in parentheses"
                    .formatted(written, rule.modifiers() == 0 ? "nothing" : "at most one number"));
        }
        boolean scaleless = rule.kind() == Kind.DECIMAL && given == 1;
        return scaleless ? modifier.replace(")", ",0)") : modifier;
    }

    private static String unquoted(String part) {
        return part.startsWith("\"") ? part.substring(1, part.length() - 1).replace("\"\"", "\"") : part;
    }

    private static Map<String, Rule> rules() {
        Map<String, Rule> rules = new HashMap<>();
        plain(rules, Kind.INTEGER, "bigint", "int8");
        plain(rules, Kind.INTEGER, "integer", "int", "int4");
        plain(rules, Kind.INTEGER, "smallint", "int2");
        plain(rules, Kind.FLOAT, "real", "float4");
        plain(rules, Kind.FLOAT, "double precision", "float8", "float");
        plain(rules, Kind.TEXT, "text");
        plain(rules, Kind.BOOLEAN, "boolean", "bool");
        plain(rules, Kind.UUID, "uuid");
        plain(rules, Kind.BYTEA, "bytea");
        plain(rules, Kind.DATE, "date");
        plain(rules, Kind.JSON, "json");
        plain(rules, Kind.JSONB, "jsonb");
        plain(rules, Kind.BLANK_PADDED, "bpchar");
        add(rules, new Rule("numeric", "", Kind.DECIMAL, 2, ""), "numeric", "decimal");
        add(rules, new Rule("character varying", "", Kind.TEXT, 1, ""), "character varying", "varchar");
        add(rules, new Rule("character", "", Kind.BLANK_PADDED, 1, "(1)"), "character", "char");
        add(rules, new Rule("interval", "", Kind.INTERVAL, 1, ""), "interval");
        add(rules, new Rule("bit", "", Kind.OTHER, 1, "(1)"), "bit");
        add(rules, new Rule("bit varying", "", Kind.OTHER, 1, ""), "bit varying", "varbit");
        zoned(rules, "time", " without time zone", Kind.TIME, "time");
        zoned(rules, "time", " with time zone", Kind.OTHER, "timetz");
        zoned(rules, "timestamp", " without time zone", Kind.TIMESTAMP, "timestamp");
        zoned(rules, "timestamp", " with time zone", Kind.TIMESTAMPTZ, "timestamptz");
        for (String other :
                ("inet cidr macaddr macaddr8 tsvector tsquery xml oid name pg_lsn jsonpath point line lseg box"
                                + " path polygon circle int4range int8range numrange tsrange tstzrange daterange int4multirange"
                                + " int8multirange nummultirange tsmultirange tstzmultirange datemultirange")
                        .split(" ", -1)) {
            plain(rules, Kind.OTHER, other);
        }
        return Map.copyOf(rules);
    }

    private static void plain(Map<String, Rule> rules, Kind kind, String sql, String... aliases) {
        rules.put(sql, new Rule(sql, "", kind, 0, ""));
        add(rules, new Rule(sql, "", kind, 0, ""), aliases);
    }

    private static void zoned(Map<String, Rule> rules, String name, String zone, Kind kind, String alias) {
        add(rules, new Rule(name, zone, kind, 1, ""), name + zone, alias);
    }

    private static void add(Map<String, Rule> rules, Rule rule, String... spellings) {
        for (String spelling : spellings) {
            rules.put(spelling, rule);
        }
    }
}
