package io.shadowwrite.api.read;

import io.shadowwrite.canonical.RowHash;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The queries that hash the rows of a table.
 *
 * @param key the canonical key, never NULL
 * @param values canonical text of the other columns
 * @param from FROM and WHERE
 */
public record HashedRows(String key, List<String> values, String from) {

    public HashedRows {
        values = List.copyOf(values);
    }

    /** Bucket, number of rows and the two sums, of every bucket that has rows. Parameters: those of {@code from}. */
    String sums(RowHash hash, int bucketBits) {
        return "select b, count(*), sum(h0), sum(h1)\n  from (%s) as u\n group by b\n order by b"
                .formatted(hashed(hash, bucketBits));
    }

    /** Key and both hashes of the rows of some buckets, by the key's bytes. Parameters: as before, then the buckets. */
    String inKeyOrder(RowHash hash, int bucketBits) {
        return "select k, h0, h1\n  from (%s) as u\n where b = any (?)\n order by k collate \"C\""
                .formatted(hashed(hash, bucketBits));
    }

    /** OFFSET 0 keeps the planner from computing the key and the row text once for each of their uses. */
    private String hashed(RowHash hash, int bucketBits) {
        List<String> names =
                IntStream.range(0, values.size()).mapToObj(i -> "c" + i).toList();
        String columns = IntStream.range(0, values.size())
                .mapToObj(i -> ", " + values.get(i) + " as c" + i)
                .collect(Collectors.joining());
        return """
                select k, %s as b, %s as h0, %s as h1
                  from (select k, %s as r
                          from (select %s as k%s
                                  %s
                                offset 0) as i
                        offset 0) as t""".formatted(
                        hash.bucket("k", bucketBits),
                        hash.first("r"),
                        hash.second("r"),
                        RowHash.rowText("k", names),
                        key,
                        columns,
                        from);
    }
}
