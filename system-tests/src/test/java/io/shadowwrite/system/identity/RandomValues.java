package io.shadowwrite.system.identity;

import io.shadowwrite.testsupport.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** SQL expressions that make a random value of a type, for every type that a catalog has. */
final class RandomValues {

    private static final Pattern NUMERIC = Pattern.compile("numeric\\((\\d+),(\\d+)\\)");
    private static final Pattern LENGTH = Pattern.compile("\\((\\d+)\\)");

    private static final String TYPES = """
            SELECT t.oid::bigint AS oid, t.typtype::text AS kind, t.typcategory = 'A' AS is_array, t.typname AS name,
                   format_type(t.oid, NULL) AS spelling, t.typelem::bigint AS element,
                   format_type(t.typbasetype, t.typtypmod) AS base_spelling, t.typbasetype::bigint AS base,
                   coalesce((SELECT r.rngsubtype::bigint FROM pg_range r WHERE r.rngtypid = t.oid), 0) AS subtype,
                   coalesce((SELECT r.rngtypid::bigint FROM pg_range r WHERE r.rngmultitypid = t.oid), 0) AS range,
                   ARRAY(SELECT a.atttypid::bigint || ' ' || format_type(a.atttypid, a.atttypmod)
                           FROM pg_attribute a
                          WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
                            AND t.typtype = 'c'
                          ORDER BY a.attnum) AS attributes
              FROM pg_type t
             WHERE t.typtype <> 'p'
            """;

    private final Map<Long, Type> types = new HashMap<>();

    private record Type(
            String kind,
            boolean isArray,
            String name,
            String spelling,
            long element,
            long base,
            String baseSpelling,
            long subtype,
            long range,
            List<String> attributes) {}

    RandomValues(Database database) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = ''");
            try (ResultSet rows = statement.executeQuery(TYPES)) {
                while (rows.next()) {
                    types.put(
                            rows.getLong("oid"),
                            new Type(
                                    rows.getString("kind"),
                                    rows.getBoolean("is_array"),
                                    rows.getString("name"),
                                    rows.getString("spelling"),
                                    rows.getLong("element"),
                                    rows.getLong("base"),
                                    rows.getString("base_spelling"),
                                    rows.getLong("subtype"),
                                    rows.getLong("range"),
                                    Stream.of((String[])
                                                    rows.getArray("attributes").getArray())
                                            .toList()));
                }
            }
        }
    }

    /**
     * An expression that yields another value each time.
     *
     * @param spelling of the type with its modifier
     */
    String of(long oid, String spelling) {
        Type type = type(oid);
        String value = type.isArray() ? array(type, spelling) : single(type, spelling);
        return "(%s)::%s".formatted(value, spelling);
    }

    private String array(Type type, String spelling) {
        String element = of(type.element(), spelling.replaceAll("(\\[])+$", ""));
        return "ARRAY[%s, %s]".formatted(element, element);
    }

    private String single(Type type, String spelling) {
        return switch (type.kind()) {
            case "e" ->
                "(pg_catalog.enum_range(NULL::%1$s))[1 + floor(random() * cardinality(pg_catalog.enum_range(NULL::%1$s)))::int]"
                        .formatted(spelling);
            case "d" -> of(type.base(), type.baseSpelling());
            case "c" ->
                type.attributes().stream()
                        .map(attribute -> attribute.split(" ", 2))
                        .map(attribute -> of(Long.parseLong(attribute[0]), attribute[1]))
                        .collect(Collectors.joining(", ", "ROW(", ")"));
            case "r" -> "%s(%s, NULL)".formatted(spelling, of(type.subtype(), spellingOf(type.subtype())));
            case "m" -> "%s(%s)".formatted(spelling, of(type.range(), spellingOf(type.range())));
            default -> base(type.name(), spelling);
        };
    }

    private String spellingOf(long oid) {
        return type(oid).spelling();
    }

    private Type type(long oid) {
        return Objects.requireNonNull(types.get(oid), () -> "no type " + oid);
    }

    private static String base(String name, String spelling) {
        return switch (name) {
            case "int2" -> "random() * 60000 - 30000";
            case "int4" -> "random() * 2000000000";
            case "oid" -> "(random() * 2000000000)::bigint";
            case "int8" -> "random() * 1000000000000000000";
            case "numeric" -> numeric(spelling);
            case "float4", "float8" -> "random() * 1000000 - 500000";
            case "bool" -> "random() < 0.5";
            case "text", "citext" -> """
                CASE floor(random() * 8)::int
                  WHEN 0 THEN 'it''s "quoted" \\ ' || md5(random()::text)
                  WHEN 1 THEN E'ü€𝄞\\n\\t' || md5(random()::text)
                  WHEN 2 THEN repeat(md5(random()::text), 70)
                  ELSE md5(random()::text) END""";
            case "varchar", "bpchar", "name" -> "left(md5(random()::text), %s)".formatted(length(spelling, 12));
            case "uuid" -> "gen_random_uuid()";
            case "bytea" -> "decode(md5(random()::text), 'hex')";
            case "date" -> "date '2000-01-01' + (random() * 9000)::int";
            case "time", "timetz" -> "time '00:00' + random() * interval '23 hours'";
            case "timestamp", "timestamptz" -> "timestamp '2000-01-01' + random() * interval '9000 days'";
            case "interval" -> "interval '1 month' + random() * interval '400 days'";
            case "json", "jsonb" ->
                "json_build_object('b', random(), 'a', md5(random()::text), 'c', ARRAY[1, NULL], 'd', 1.10)::text";
            case "jsonpath" -> "'$.a[' || floor(random() * 9) || ']'";
            case "xml" -> "xmlelement(name a, md5(random()::text))";
            case "inet" -> "'10.1.' || floor(random() * 255) || '.' || floor(random() * 255)";
            case "cidr" -> "'10.' || floor(random() * 255) || '.0.0/16'";
            case "macaddr" -> "'08:00:2b:01:02:' || lpad(to_hex(floor(random() * 255)::int), 2, '0')";
            case "bit", "varbit" -> "floor(random() * 8)::int::bit(3)";
            case "point" -> "point(random(), random())";
            case "tsvector" -> "to_tsvector('pg_catalog.simple', md5(random()::text) || ' two words')";
            case "pg_lsn" -> "'0/' || to_hex(floor(random() * 1000000000)::int)";
            default -> throw new IllegalArgumentException("nobody knows how to make a value of type " + spelling);
        };
    }

    private static String numeric(String spelling) {
        Matcher modifier = NUMERIC.matcher(spelling);
        if (!modifier.matches()) {
            return "(random() * 1000000)::numeric * (random() * 1000000)::numeric";
        }
        int digits = Integer.parseInt(modifier.group(1)) - Integer.parseInt(modifier.group(2));
        return "random() * 0.9 * 10 ^ %d".formatted(Math.min(digits, 12));
    }

    private static int length(String spelling, int otherwise) {
        Matcher modifier = LENGTH.matcher(spelling);
        return modifier.find() ? Integer.parseInt(modifier.group(1)) : otherwise;
    }
}
