package io.shadowwrite.system.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The DDL of a schema of random tables; the same seed gives the same one. Every type comes at least once. */
final class RandomSchema {

    static final String NAME = "plan";

    private static final String TYPES = """
            CREATE SCHEMA plan;
            CREATE EXTENSION citext WITH SCHEMA public;
            CREATE TYPE plan."Mood" AS ENUM ('good', 'it''s bad', 'ümlaut');
            CREATE DOMAIN plan.percent AS numeric(5,2) CHECK (VALUE >= 0);
            CREATE DOMAIN plan.label AS varchar(40);
            CREATE TYPE plan.address AS (street text, share plan.percent, moods plan."Mood"[], since date);
            CREATE TYPE plan.span AS RANGE (SUBTYPE = time);
            """;

    private static final List<String> COLUMN_TYPES = List.of(
            "smallint",
            "integer",
            "bigint",
            "numeric",
            "numeric(12,2)",
            "numeric(38,9)",
            "real",
            "double precision",
            "boolean",
            "text",
            "varchar(20)",
            "varchar",
            "char(7)",
            "uuid",
            "bytea",
            "date",
            "time",
            "time(3)",
            "timetz",
            "timestamp",
            "timestamp(3)",
            "timestamptz",
            "interval",
            "json",
            "jsonb",
            "jsonpath",
            "xml",
            "integer[]",
            "text[]",
            "numeric(9,3)[]",
            "timestamptz[]",
            "jsonb[]",
            "inet",
            "cidr",
            "macaddr",
            "bit(3)",
            "varbit(9)",
            "int4range",
            "numrange",
            "tstzrange",
            "datemultirange",
            "point",
            "tsvector",
            "pg_lsn",
            "name",
            "oid",
            "public.citext",
            "plan.\"Mood\"",
            "plan.\"Mood\"[]",
            "plan.percent",
            "plan.label",
            "plan.percent[]",
            "plan.address",
            "plan.address[]",
            "plan.span");

    private static final List<List<String>> KEYS = List.of(
            List.of("bigint"),
            List.of("bigint GENERATED ALWAYS AS IDENTITY"),
            List.of("uuid"),
            List.of("text"),
            List.of("varchar(20)"),
            List.of("timestamptz"),
            List.of("integer", "date"),
            List.of("char(7)", "smallint"),
            List.of("plan.\"Mood\"", "boolean", "integer"),
            List.of("inet"),
            List.of("bytea"),
            List.of("numeric(12,2)", "time"),
            List.of("plan.label"));

    private final Random random;

    /** Handed out one after another, so that none is forgotten. */
    private int nextType;

    private RandomSchema(long seed) {
        this.random = new Random(seed);
    }

    static String ddl(long seed, int tables) {
        RandomSchema schema = new RandomSchema(seed);
        return TYPES + IntStream.range(0, tables).mapToObj(schema::table).collect(Collectors.joining("\n"));
    }

    private String table(int number) {
        String table = "plan.\"Table %d\"".formatted(number);
        List<String> keyTypes = KEYS.get(number % KEYS.size());
        List<String> keys =
                IntStream.range(0, keyTypes.size()).mapToObj(i -> "k" + i).toList();
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            columns.add(keys.get(i) + " " + keyTypes.get(i));
        }
        int count = 3 + random.nextInt(9);
        for (int i = 0; i < count; i++) {
            String notNull = random.nextInt(4) == 0 ? " NOT NULL" : "";
            columns.add("\"Column %d\" %s%s".formatted(i, COLUMN_TYPES.get(nextType++ % COLUMN_TYPES.size()), notNull));
        }
        if (number % 9 == 4) {
            columns.add("made text GENERATED ALWAYS AS (k0::text || '!') STORED".replace("k0::text", madeOf(keyTypes)));
        }
        boolean partitioned = number % 10 == 7;
        columns.add("PRIMARY KEY (%s)".formatted(String.join(", ", keys)));
        String create = "CREATE TABLE %s (%s)%s;\n"
                .formatted(table, String.join(", ", columns), partitioned ? " PARTITION BY HASH (k0)" : "");
        return create + (partitioned ? partitions(number) : identity(table, number));
    }

    /** Only immutable expressions may be generated from. */
    private static String madeOf(List<String> keyTypes) {
        return keyTypes.getFirst().startsWith("text") || keyTypes.getFirst().startsWith("varchar") ? "k0" : "'made'";
    }

    private static String partitions(int number) {
        return IntStream.range(0, 3)
                .mapToObj(part ->
                        "CREATE TABLE plan.part_%d_%d PARTITION OF plan.\"Table %d\" FOR VALUES WITH (MODULUS 3, REMAINDER %d);\n"
                                .formatted(number, part, number, part))
                .collect(Collectors.joining());
    }

    private static String identity(String table, int number) {
        return switch (number % 6) {
            case 3 -> "ALTER TABLE %s REPLICA IDENTITY FULL;\n".formatted(table);
            case 5 -> """
                ALTER TABLE %1$s ADD COLUMN row_id uuid NOT NULL;
                CREATE UNIQUE INDEX row_id_%2$d ON %1$s (row_id);
                ALTER TABLE %1$s REPLICA IDENTITY USING INDEX row_id_%2$d;
                """.formatted(table, number);
            default -> "";
        };
    }
}
