package io.shadowwrite.canonical;

import java.util.List;
import java.util.StringJoiner;

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
     * The text of a whole row: every part with its length, so that no text can move from one column to the next; NULL is
     * not the empty text.
     *
     * @param key canonical key, never NULL
     * @param columns canonical text of the other columns, in the contract's order
     */
    public static String rowText(String key, List<String> columns) {
        StringBuilder sql = new StringBuilder("octet_length(%1$s) || ':' || %1$s".formatted(key));
        for (String column : columns) {
            sql.append(" || coalesce(octet_length(%1$s) || ':' || %1$s, '~')".formatted(column));
        }
        return sql.toString();
    }
}
