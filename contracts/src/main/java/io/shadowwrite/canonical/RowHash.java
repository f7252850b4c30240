package io.shadowwrite.canonical;

import java.util.List;
import java.util.StringJoiner;
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
     * The bucket of a text that stands for a key, an integer from 0.
     *
     * @param bits logarithm of the number of buckets, 1 to {@link #MOST_BUCKET_BITS}
     */
    String bucket(String key, int bits) {
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
     * @param key canonical key, never NULL; costs nothing where {@code k} is not read
     * @param keyColumns the columns of the key as {@link CanonicalSql#hashed} takes them, in the order of their names
     * @param columns the other columns likewise, in the contract's order
     * @param from FROM and WHERE, over which these expressions are
     * @param bits logarithm of the number of buckets
     */
    public String rows(String key, List<String> keyColumns, List<String> columns, String from, int bits) {
        String keyNames = names("k", keyColumns);
        String rowNames = columns.isEmpty() ? keyNames : keyNames + ", " + names("c", columns);
        String values = named("k", keyColumns) + (columns.isEmpty() ? "" : ", " + named("c", columns));
        return query("%s as k, %s".formatted(key, values), bucketText(keyNames), rowText(rowNames), from, bits);
    }

    /**
     * The same of pairs of canonical keys, which are JSON: they hold no line feed, so one between them is enough.
     *
     * @param key the one that is {@code k}, never NULL
     * @param other the other one, never NULL
     */
    public String pairs(String key, String other, String from, int bits) {
        return query("%s as k, %s as c0".formatted(key, other), "k", "k || chr(10) || c0", from, bits);
    }

    /** OFFSET 0 keeps the planner from computing a text once for each of its uses. */
    private String query(String values, String bucketText, String rowText, String from, int bits) {
        return """
                select k, %s as b, %s as h0, %s as h1
                from (select k, %s as kr, %s as r
                from (select %s
                %s
                offset 0) as i
                offset 0) as t""".formatted(bucket("kr", bits), first("r"), second("r"), bucketText, rowText, values, from);
    }

    /** The bucket of a row, from its key columns as {@link #rows} takes them, or from the key of a pair. */
    public String bucket(List<String> keyColumns, int bits) {
        return bucket(bucketText(String.join(", ", keyColumns)), bits);
    }

    /** Only chooses the bucket, so it may be the same for two keys. */
    private static String bucketText(String keyColumns) {
        return "concat(" + keyColumns + ")";
    }

    private static String names(String prefix, List<String> columns) {
        return IntStream.range(0, columns.size()).mapToObj(i -> prefix + i).collect(Collectors.joining(", "));
    }

    private static String named(String prefix, List<String> columns) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> columns.get(i) + " as " + prefix + i)
                .collect(Collectors.joining(", "));
    }

    /**
     * The text of a whole row as the server writes composite values: quoted wherever it could be misread, so no text can
     * move from one column to the next, and NULL is not the empty text.
     */
    static String rowText(String columns) {
        return "row(" + columns + ")::text";
    }
}
