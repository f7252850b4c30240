package io.shadowwrite.canonical;

import io.shadowwrite.contract.ColumnType;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * SQL that turns rows of canonical text into numbers to be summed by bucket. Two databases that hold the same rows have
 * the same sums, so equality travels as a few numbers instead of as rows. Whoever compares must use the same hash, key and
 * columns on both sides.
 */
public enum RowHash {
    /** The server's own seeded hash: fast, and not promised to be the same in every build; so it is probed first. */
    SERVER {
        @Override
        public String first(String text) {
            return "hashtextextended((" + text + ") collate \"C\", 7046029254386353131)";
        }

        @Override
        public String second(String text) {
            return "hashtextextended((" + text + ") collate \"C\", 1609587929392839161)";
        }

        @Override
        String key(String text) {
            return "hashtextextended((" + text + ") collate \"C\", 2870177450012600261)";
        }
    },
    /** The two halves of an MD5: the same everywhere. */
    MD5 {
        @Override
        public String first(String text) {
            return "('x' || substr(md5(" + text + "), 1, 16))::bit(64)::bigint";
        }

        @Override
        public String second(String text) {
            return "('x' || substr(md5(" + text + "), 17, 16))::bit(64)::bigint";
        }

        @Override
        String key(String text) {
            return first(text);
        }
    };

    /** Most bits of a bucket number. */
    public static final int MOST_BUCKET_BITS = 16;

    private static final List<String> PROBES = List.of(
            "''",
            "'a'",
            "'0123456789ab'",
            "'Grüße, Δ, \u6f22, \ud83d\ude00'",
            "repeat('long ', 1000)",
            "E'tab\\tand\\nline'",
            "' '");

    /** The first number of a text that is not NULL, a bigint. */
    public abstract String first(String text);

    /** The second, independent one. */
    public abstract String second(String text);

    /** The number that chooses a key's bucket. */
    abstract String key(String text);

    /**
     * The bucket of a canonical key, an integer from 0.
     *
     * @param bits logarithm of the number of buckets, 1 to {@link #MOST_BUCKET_BITS}
     */
    public String bucket(String key, int bits) {
        if (bits < 1 || bits > MOST_BUCKET_BITS) {
            throw new IllegalArgumentException("bucket bits must be 1 to %d, not %d".formatted(MOST_BUCKET_BITS, bits));
        }
        return "(%s & %d)::int".formatted(key(key), (1 << bits) - 1);
    }

    /** A SELECT of one row of bigints; servers that answer the same hash alike. */
    public String probe() {
        StringJoiner select = new StringJoiner(", ", "select ", "");
        for (String probe : PROBES) {
            select.add(first(probe)).add(second(probe)).add(key(probe));
        }
        return select.toString();
    }

    /**
     * A query for the rows of {@code from}: {@code k}, {@code b}, {@code h0} and {@code h1}, its key, bucket and numbers.
     *
     * @param key canonical key, never NULL
     * @param columns the other columns as {@link CanonicalSql#hashed} takes them, in the contract's order
     * @param from FROM and WHERE, over which these expressions are
     * @param bits logarithm of the number of buckets
     */
    public String rows(String key, List<String> columns, String from, int bits) {
        return "select k, %s, %s".formatted(bucketed("k", bits), summed("r", "h"))
                + spelled(rowText(columns), values(key, columns), from);
    }

    /**
     * A column whose values have several canonical texts.
     *
     * @param type of which {@link CanonicalSql#hasSpellings} holds
     * @param text its canonical text
     */
    public record Spelled(ColumnType type, String text) {}

    /**
     * The same with {@code l} besides, a number that two rows share whose values are the same, however they are spelled;
     * NULL where no column has several spellings, because then rows with other numbers have other values.
     *
     * @param spelled those columns that have, by their positions
     */
    public String rows(String key, List<String> columns, Map<Integer, Spelled> spelled, String from, int bits) {
        if (spelled.isEmpty()) {
            return "select r.*, null::bigint as l from (%s) as r".formatted(rows(key, columns, from, bits));
        }
        StringBuilder texts = new StringBuilder();
        new TreeMap<>(spelled)
                .forEach((position, column) -> texts.append(", %s as s%d".formatted(column.text(), position)));
        return "select k, %s, %s, %s as l".formatted(bucketed("k", bits), summed("r", "h"), first("l"))
                + spelled(
                        rowText(columns) + ", " + rowText("k", loose(columns.size(), spelled)) + " as l",
                        values(key, columns) + texts,
                        from);
    }

    private static String loose(int columns, Map<Integer, Spelled> spelled) {
        return IntStream.range(0, columns)
                .mapToObj(i -> {
                    Spelled column = spelled.get(i);
                    return column == null ? "c" + i : CanonicalSql.loose(column.type(), "s" + i);
                })
                .collect(Collectors.joining(", "));
    }

    /**
     * The same of pairs of canonical keys, which are JSON: they hold no line feed, so one between them is enough. The
     * other key chooses the bucket, because it is the key of the row that the pair is about.
     *
     * @param key the one that is {@code k}, never NULL
     * @param other the other one, never NULL
     */
    public String pairs(String key, String other, String from, int bits) {
        return pairs(key, other, "", from, bits);
    }

    /**
     * The same with columns of {@code from} that go with every pair.
     *
     * @param carried names, each behind a comma
     */
    public String pairs(String key, String other, String carried, String from, int bits) {
        return "select k, %s, %s%s".formatted(bucketed("c0", bits), summed("r", "h"), carried)
                + spelled(
                        "%s as r, c0%s".formatted(pairText("k", "c0"), carried),
                        values(key, List.of(other)) + carried,
                        from);
    }

    /**
     * Rows and pairs at once: {@code b}, {@code h0}, {@code h1} as {@link #rows} has them, and {@code p0}, {@code p1} as
     * {@link #pairs} has them for the key that each row belongs to.
     *
     * @param mapped canonical key that makes a pair with {@code key}, never NULL
     */
    public String rowsWithPairs(String key, List<String> columns, String mapped, String from, int bits) {
        return "select %s, %s, %s".formatted(bucketed("k", bits), summed("r", "h"), summed("p", "p"))
                + spelled(
                        rowText(columns) + ", " + pairText("m", "k") + " as p",
                        values(key, columns) + ", " + mapped + " as m",
                        from);
    }

    /** OFFSET 0 keeps the planner from computing a text once for each of its uses. */
    private static String spelled(String texts, String values, String from) {
        return """

                from (select k, %s
                from (select %s
                %s
                offset 0) as i
                offset 0) as t""".formatted(texts, values, from);
    }

    private String bucketed(String key, int bits) {
        return bucket(key, bits) + " as b";
    }

    private String summed(String text, String name) {
        return "%s as %s0, %s as %s1".formatted(first(text), name, second(text), name);
    }

    private static String values(String key, List<String> columns) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> ", " + columns.get(i) + " as c" + i)
                .collect(Collectors.joining("", key + " as k", ""));
    }

    private static String rowText(List<String> columns) {
        return rowText(
                        "k",
                        IntStream.range(0, columns.size())
                                .mapToObj(i -> "c" + i)
                                .collect(Collectors.joining(", "))) + " as r";
    }

    private static String pairText(String key, String other) {
        return key + " || chr(10) || " + other;
    }

    /**
     * The text of a whole row: its key, which is JSON and so ends by itself, and the columns as the server writes composite
     * values: quoted wherever they could be misread, so no text can move from one column to the next, and NULL is not the
     * empty text.
     */
    static String rowText(String key, String columns) {
        return key + " || row(" + columns + ")::text";
    }
}
