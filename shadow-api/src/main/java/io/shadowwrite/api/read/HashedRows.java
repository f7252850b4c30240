package io.shadowwrite.api.read;

import io.shadowwrite.canonical.RowHash;
import java.util.List;
import java.util.Map;

/**
 * The queries that hash the rows of a table.
 *
 * @param key the canonical key, never NULL
 * @param values the other columns as {@link RowHash} takes them
 * @param spelled those of them whose values have several canonical texts, by their positions
 * @param from FROM and WHERE
 * @param pair whether a row is nothing but two canonical keys, its own and its one column
 */
public record HashedRows(
        String key, List<String> values, Map<Integer, RowHash.Spelled> spelled, String from, boolean pair) {

    public HashedRows {
        values = List.copyOf(values);
        spelled = Map.copyOf(spelled);
    }

    /** Pairs of canonical keys, never NULL. */
    public static HashedRows pairs(String key, String other, String from) {
        return new HashedRows(key, List.of(other), Map.of(), from, true);
    }

    /** Bucket, number of rows and the two sums, of every bucket that has rows. Parameters: those of {@code from}. */
    String sums(RowHash hash, int bucketBits) {
        return "select b, count(*), sum(h0), sum(h1)\n  from (%s) as u\n group by b\n order by b"
                .formatted(
                        pair
                                ? hash.pairs(key, values.getFirst(), from, bucketBits)
                                : hash.rows(key, values, from, bucketBits));
    }

    /** Key, both hashes and the loose one of the rows of some buckets, by the key's bytes. Parameters: as before, then the buckets. */
    String inKeyOrder(RowHash hash, int bucketBits) {
        return "select k, h0, h1, %s\n  from (%s) as u\n where b = any (?)\n order by k collate \"C\""
                .formatted(
                        pair ? "null::bigint" : "l",
                        pair
                                ? hash.pairs(key, values.getFirst(), from, bucketBits)
                                : hash.rows(key, values, spelled, from, bucketBits));
    }
}
