package io.shadowwrite.verification.scan;

import io.shadowwrite.canonical.RowHash;
import io.shadowwrite.verification.compile.Image;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the union of some images from a connection inside a pinned snapshot. Stateless but for the hash; memory is bounded
 * by the number of buckets, the fetch size and the number of keys asked for.
 *
 * @param hash how both sides hash
 * @param bucketBits logarithm of the number of buckets, 1 to 16
 * @param fetchSize rows per round trip
 */
public record Scans(RowHash hash, int bucketBits, int fetchSize) {

    static final int LONGEST_VALUE_BYTES = 4096;
    static final int SHORTENED_CHARACTERS = 1000;

    public Scans {
        if (bucketBits < 1 || bucketBits > RowHash.MOST_BUCKET_BITS) {
            throw new IllegalArgumentException("bucket bits must be 1 to 16, not " + bucketBits);
        }
    }

    /** Sums of every bucket in one scan. */
    public Buckets buckets(Connection connection, List<Image> images, int columns) throws SQLException {
        String sql = "select b, count(*), sum(h0), sum(h1)\nfrom (" + hashed(images, columns) + ") as u\ngroup by b";
        Map<Integer, BucketSum> sums = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                sums.put(rows.getInt(1), new BucketSum(rows.getLong(2), wrapped(rows, 3), wrapped(rows, 4)));
            }
        }
        return new Buckets(sums);
    }

    private static long wrapped(ResultSet rows, int column) throws SQLException {
        BigDecimal sum = rows.getBigDecimal(column);
        return sum.toBigInteger().longValue();
    }

    /** The rows of some buckets, in the order of their keys' UTF-8 bytes, through a cursor. */
    public <T> T inKeyOrder(
            Connection connection, List<Image> images, int columns, Set<Integer> buckets, KeyCursor.Reader<T> reader)
            throws SQLException {
        String sql = "select k, w, h0, h1\nfrom (" + hashed(images, columns)
                + ") as u\nwhere b = any (?)\norder by k collate \"C\"";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(fetchSize);
            statement.setArray(1, array(connection, "integer", buckets));
            try (ResultSet rows = statement.executeQuery()) {
                return reader.read(new ResultSetCursor(rows));
            }
        }
    }

    /**
     * The columns of the rows with these keys; of several rows with one key the last one read. Of a long value only the
     * beginning, and its length and MD5 behind a U+0001.
     */
    public Map<String, List<@Nullable String>> images(
            Connection connection, List<Image> images, int columns, Collection<String> keys) throws SQLException {
        StringBuilder sql = new StringBuilder();
        for (Image image : images) {
            sql.append(sql.isEmpty() ? "" : "\nunion all\n")
                    .append(shortened(columns))
                    .append(" from (")
                    .append(image.sql())
                    .append("\noffset 0) as i where k = any (?)");
        }
        try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
            statement.setFetchSize(fetchSize);
            for (int i = 1; i <= images.size(); i++) {
                statement.setArray(i, array(connection, "text", keys));
            }
            try (ResultSet rows = statement.executeQuery()) {
                return imagesOf(rows, columns);
            }
        }
    }

    private static String shortened(int columns) {
        StringBuilder sql = new StringBuilder("select k");
        for (int i = 0; i < columns; i++) {
            sql.append("""
                    , case when octet_length(c%1$d) <= %2$d then c%1$d
                     else left(c%1$d, %3$d) || chr(1) || octet_length(c%1$d) || ' bytes, MD5 ' || md5(c%1$d) end""".formatted(i, LONGEST_VALUE_BYTES, SHORTENED_CHARACTERS));
        }
        return sql.toString();
    }

    private static Map<String, List<@Nullable String>> imagesOf(ResultSet rows, int columns) throws SQLException {
        Map<String, List<@Nullable String>> found = new LinkedHashMap<>();
        while (rows.next()) {
            List<@Nullable String> values = new ArrayList<>(columns);
            for (int i = 0; i < columns; i++) {
                values.add(rows.getString(i + 2));
            }
            found.put(rows.getString(1), values);
        }
        return found;
    }

    private static Array array(Connection connection, String type, Collection<?> elements) throws SQLException {
        return connection.createArrayOf(type, elements.toArray());
    }

    private String hashed(List<Image> images, int columns) {
        StringBuilder sql = new StringBuilder();
        for (int i = 0; i < images.size(); i++) {
            sql.append(i == 0 ? "" : "\nunion all\n").append(hashed(images.get(i), i, columns));
        }
        return sql.toString();
    }

    /** OFFSET 0 keeps the planner from computing the key and the row text once for each of their uses. */
    private String hashed(Image image, int position, int columns) {
        return """
                select k, %d as w, %s as b, %s as h0, %s as h1
                from (select k, %s as r
                from (%s
                offset 0) as i
                offset 0) as t""".formatted(
                        position,
                        hash.bucket("k", bucketBits),
                        hash.first("r"),
                        hash.second("r"),
                        RowHash.rowText("k", names(columns)),
                        image.sql());
    }

    private static List<String> names(int columns) {
        return IntStream.range(0, columns).mapToObj(i -> "c" + i).toList();
    }
}
