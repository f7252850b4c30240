package io.shadowwrite.system.parity;

import io.shadowwrite.testsupport.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One table with a column of every kind, a contract that puts it through everything, and rows that ask for trouble. */
final class EveryExpression {

    /** Source columns with their type and what may stand in them; null is always possible. */
    private static final Map<String, List<String>> COLUMNS = new LinkedHashMap<>();

    /** Target columns: type and expression. */
    private static final Map<String, List<String>> VALUES = new LinkedHashMap<>();

    private static final List<String> FILTERS =
            List.of("""
            {"column": "i", "op": "<", "value": 0}
            """, """
            {"column": "n", "op": ">=", "value": 1.5}
            """, """
            {"column": "n", "op": "in", "values": [0, 1.5, 100]}
            """, """
            {"column": "t", "op": ">", "value": "\\uffff"}
            """, """
            {"column": "t", "op": "<=", "value": "a"}
            """, """
            {"column": "c", "op": "=", "value": "ab"}
            """, """
            {"column": "b", "op": "<>", "value": true}
            """, """
            {"column": "d", "op": "<", "value": "2026-03-29"}
            """, """
            {"column": "d", "op": ">", "value": "9999-12-31"}
            """, """
            {"column": "ts", "op": ">=", "value": "2026-03-29T02:30:00Z"}
            """, """
            {"column": "tz", "op": "=", "value": "2026-01-31T23:59:59.999999Z"}
            """, """
            {"column": "u", "op": "=", "value": "00000000-0000-7000-8000-00000000abcd"}
            """, """
            {"column": "j", "op": "is not null"}
            """, """
            {"any": [{"column": "t", "op": "is null"},
              {"all": [{"column": "i", "op": "<>", "value": 7}, {"column": "b", "op": "=", "value": true}]}]}
            """);

    /** Enough, and of so little repetition, that the server stores it out of line. */
    private static final String LARGE =
            new SplittableRandom(1).ints(400).mapToObj(Integer::toHexString).collect(Collectors.joining());

    static {
        COLUMNS.put("i", List.of("integer", "0", "7", "-7", "2147483647", "-2147483648"));
        COLUMNS.put(
                "n",
                List.of(
                        "numeric",
                        "0",
                        "0.00",
                        "1.5",
                        "1.50",
                        "-0.001",
                        "100",
                        "1e20",
                        "1e-10",
                        "-99999999999999999999.5"));
        COLUMNS.put("m", List.of("numeric(12,4)", "0", "1.2350", "-1.2350", "1.2349", "12345678.9999", "0.005"));
        COLUMNS.put(
                "t",
                List.of(
                        "text",
                        "",
                        " ",
                        "a",
                        "A",
                        "  x\ty  ",
                        "\u00c4\u00df\u0130",
                        "\ud83d\ude00",
                        "\uffff",
                        "it's \"q\" \\ {}",
                        "\u00a0z\u00a0",
                        "a\nb"));
        COLUMNS.put("v", List.of("character varying(10)", "", "AbC", "abc       ", "0123456789", "active"));
        COLUMNS.put("c", List.of("character(5)", "ab", "", " b", "ABCDE"));
        COLUMNS.put("b", List.of("boolean", "true", "false"));
        COLUMNS.put(
                "d",
                List.of("date", "2026-03-29", "0001-01-01", "0044-03-15 BC", "12026-01-01", "infinity", "-infinity"));
        COLUMNS.put(
                "ts",
                List.of(
                        "timestamp without time zone",
                        "2026-03-29 02:30:00",
                        "2026-03-29 02:00:00",
                        "2026-03-29 03:00:00",
                        "2026-10-25 02:30:00.000001",
                        "2026-10-25 03:00:00",
                        "2026-03-08 02:15:00",
                        "2026-11-01 01:59:59.999999",
                        "1890-01-01 12:00:00",
                        "2075-07-01 00:00:00",
                        "12026-06-01 00:00:00",
                        "infinity",
                        "-infinity",
                        "2026-10-04 02:10:00",
                        "2026-04-05 01:45:00"));
        COLUMNS.put(
                "tz",
                List.of(
                        "timestamp with time zone",
                        "2026-01-31 23:59:59.999999+00",
                        "2026-01-31 23:59:59.9+05:30",
                        "infinity",
                        "1890-01-01 00:00:00+00",
                        "12026-01-01 00:00:00+00"));
        COLUMNS.put(
                "j",
                List.of(
                        "json",
                        "{\"a\": {\"b\": 1.50}, \"a\": {\"b\": 2.50}}",
                        "{\"a\": {\"b\": \"x\\u00e9\\n\"}}",
                        "{\"a\": {\"b\": true}}",
                        "{\"a\": [1, {\"b\": -0.0}]}",
                        "[]",
                        "7",
                        "\"a\"",
                        "null",
                        "{\"a\": {\"b\": 1e3}}",
                        "{\"a\": {\"b\": null}}"));
        COLUMNS.put(
                "k",
                List.of(
                        "jsonb",
                        "{\"l\": [10, \"y\", [1]], \"a\": {\"b\": {}}}",
                        "{\"l\": [1]}",
                        "{\"l\": {\"1\": \"z\", \"-1\": false}}",
                        "[1, 2]",
                        "{\"l\": [null, 12345678901234567890.10]}"));
        COLUMNS.put(
                "u", List.of("uuid", "00000000-0000-7000-8000-00000000abcd", "ffffffff-ffff-ffff-ffff-ffffffffffff"));
        COLUMNS.put("y", List.of("bytea", "\\x", "\\x00ff10", "\\xdeadbeef"));
        COLUMNS.put("f", List.of("double precision", "0.1", "-0", "1e20", "1.5e-7", "123456789012345678"));
        COLUMNS.put("r", List.of("real", "0.1", "1e6", "16777216", "-1.5"));
        COLUMNS.put("iv", List.of("interval", "1 year 2 mons 3 days 04:05:06", "-1 days", "00:00:00.000001"));
        COLUMNS.put("tm", List.of("time without time zone", "00:00:00", "23:59:59.5", "24:00:00"));
        COLUMNS.put("arr", List.of("text[]", "{}", "{\"x,y\",\"q\\\"t\",NULL,\u00e9}", "{{a,b},{c,d}}"));
        COLUMNS.put("e", List.of("x.mood", "glad", "so so", "Sad"));
        COLUMNS.put("big", List.of("text", "small", LARGE));
        COLUMNS.forEach((name, column) -> VALUES.put("copy_" + name, List.of(column.getFirst(), copy(name))));
        COLUMNS.keySet().stream()
                .filter(name -> !List.of("j", "k", "t", "c").contains(name))
                .forEach(name -> VALUES.put("text_" + name, List.of("text", cast(name, "text"))));
        VALUES.put("c_text", List.of("text", cast("c", "text")));
        VALUES.put("rounded", List.of("numeric(12,2)", copy("m")));
        VALUES.put("widened", List.of("numeric(14,2)", cast("i", "numeric(14,2)")));
        VALUES.put("lower", List.of("text", of("lower", copy("t"))));
        VALUES.put("upper", List.of("text", of("upper", of("trim", copy("t")))));
        VALUES.put("cents", List.of("numeric(20,2)", scaled("i", -2)));
        VALUES.put("tenfold", List.of("numeric", scaled("n", 1)));
        VALUES.put("thousandth", List.of("numeric", scaled("m", -3)));
        for (String zone :
                List.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")) {
            String name = zone.substring(zone.indexOf('/') + 1).toLowerCase(Locale.ROOT);
            VALUES.put(
                    "zone_" + name,
                    List.of(
                            "timestamp with time zone",
                            "{\"zone\": {\"of\": %s, \"name\": \"%s\"}}".formatted(copy("ts"), zone)));
        }
        VALUES.put(
                "either",
                List.of("text", "{\"coalesce\": [%s, %s, {\"constant\": \"-\"}]}".formatted(copy("v"), copy("t"))));
        VALUES.put(
                "joined",
                List.of(
                        "text",
                        "{\"concat\": [%s, %s, {\"constant\": null}, %s], \"separator\": \", \"}"
                                .formatted(copy("t"), cast("i", "text"), cast("ts", "text"))));
        VALUES.put(
                "mapped",
                List.of(
                        "text",
                        "{\"map\": {\"of\": %s, \"entries\": {\"abc       \": \"1\", \"AbC\": \"2\"}, \"default\": \"other\"}}"
                                .formatted(copy("v"))));
        VALUES.put(
                "flag",
                List.of(
                        "text",
                        "{\"map\": {\"of\": %s, \"entries\": {\"true\": \"yes\"}, \"default\": null}}"
                                .formatted(copy("b"))));
        VALUES.put("field", List.of("text", field("j", "a", "b")));
        VALUES.put("element", List.of("text", field("k", "l", "1")));
        VALUES.put("last", List.of("text", field("k", "l", "-1")));
        VALUES.put(
                "self",
                List.of(
                        "uuid",
                        "{\"reference\": {\"table\": \"x.t\", \"model\": \"Every\", \"columns\": {\"id\": \"i\"}}}"));
        VALUES.put(
                "mood",
                List.of(
                        "text",
                        "{\"map\": {\"of\": %s, \"entries\": {\"glad\": \"+\", \"so so\": \"0\", \"Sad\": \"-\"}}}"
                                .formatted(copy("e"))));
        VALUES.put("large", List.of("text", "{\"concat\": [%s, {\"constant\": \"!\"}]}".formatted(copy("big"))));
        VALUES.put("fixed", List.of("numeric(5,2)", "{\"constant\": 2}"));
    }

    private EveryExpression() {}

    static String ddl(String identity) {
        return """
                create schema x;
                create type x.mood as enum ('Sad', 'so so', 'glad');
                create table x.t (id integer primary key, %s);
                alter table x.t replica identity %s
                """.formatted(
                COLUMNS.entrySet().stream()
                        .map(column -> column.getKey() + " " + column.getValue().getFirst())
                        .collect(Collectors.joining(", ")),
                identity);
    }

    static String contract(String identity) {
        List<String> models = new ArrayList<>();
        List<String> writes = new ArrayList<>();
        models.add(
                "\"Every\": {\"kind\": \"crud\", \"table\": \"y.every\", \"key\": [\"id\"], \"columns\": {\"id\": \"uuid\", %s}}"
                        .formatted(joined(VALUES, value -> "\"" + value.getFirst() + "\"")));
        writes.add("{\"model\": \"Every\", \"key\": {\"id\": {\"derived\": true}}, \"set\": {%s}}"
                .formatted(joined(VALUES, List::getLast)));
        for (int i = 0; i < FILTERS.size(); i++) {
            models.add(
                    "\"F%d\": {\"kind\": \"crud\", \"table\": \"y.f%d\", \"key\": [\"id\"], \"columns\": {\"id\": \"integer\"}}"
                            .formatted(i, i));
            writes.add("{\"model\": \"F%d\", \"when\": %s, \"key\": {\"id\": {\"column\": \"id\"}}, \"set\": {}}"
                    .formatted(i, FILTERS.get(i)));
        }
        return """
                {"version": 1, "name": "every-expression", "models": {%s}, "sources": {"x.t": {
                  "columns": {"id": "integer", %s}, "key": ["id"], "identity": "%s", "writes": [%s]}}}
                """.formatted(
                        String.join(",", models),
                        joined(COLUMNS, column -> "\"" + column.getFirst() + "\""),
                        identity,
                        String.join(",", writes));
    }

    static void insert(Database database, SplittableRandom random, int rows) throws SQLException {
        String sql = "insert into x.t values (?, %s)"
                .formatted(COLUMNS.values().stream()
                        .map(column -> "?::text::" + column.getFirst())
                        .collect(Collectors.joining(", ")));
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int id = 1; id <= rows; id++) {
                statement.setInt(1, id);
                int parameter = 2;
                for (List<String> column : COLUMNS.values()) {
                    statement.setString(parameter++, any(column, random));
                }
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** Gives some rows one other value, moves some to another key and deletes some. */
    static void update(Database database, SplittableRandom random, int rows) throws SQLException {
        try (Connection connection = database.connect()) {
            for (int i = 0; i < rows / 4; i++) {
                Map.Entry<String, List<String>> column =
                        List.copyOf(COLUMNS.entrySet()).get(random.nextInt(COLUMNS.size()));
                String sql = "update x.t set %s = ?::text::%s where id = ?"
                        .formatted(column.getKey(), column.getValue().getFirst());
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    statement.setString(1, any(column.getValue(), random));
                    statement.setInt(2, 1 + random.nextInt(rows));
                    statement.executeUpdate();
                }
            }
        }
        database.execute("update x.t set id = id + 1000000 where id % 11 = 0", "delete from x.t where id % 13 = 0");
    }

    private static @Nullable String any(List<String> column, SplittableRandom random) {
        int choice = random.nextInt(column.size());
        return choice == 0 ? null : column.get(choice);
    }

    private static String joined(Map<String, List<String>> members, Function<List<String>, String> value) {
        return members.entrySet().stream()
                .map(member -> "\"" + member.getKey() + "\": " + value.apply(member.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String copy(String column) {
        return "{\"column\": \"" + column + "\"}";
    }

    private static String cast(String column, String type) {
        return "{\"column\": \"" + column + "\", \"cast\": \"" + type + "\"}";
    }

    private static String of(String function, String expression) {
        return "{\"" + function + "\": " + expression + "}";
    }

    private static String scaled(String column, int power) {
        return "{\"scale\": {\"of\": " + copy(column) + ", \"power\": " + power + "}}";
    }

    private static String field(String column, String... path) {
        return "{\"json_field\": {\"column\": \"%s\", \"path\": [%s]}}"
                .formatted(
                        column,
                        Arrays.stream(path).map(step -> "\"" + step + "\"").collect(Collectors.joining(", ")));
    }
}
