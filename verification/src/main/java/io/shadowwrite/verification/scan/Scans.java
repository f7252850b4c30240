package io.shadowwrite.verification.scan;

import io.shadowwrite.canonical.CanonicalSql;
import io.shadowwrite.canonical.RowHash;
import io.shadowwrite.contract.ColumnType;
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

    /** Sums of every bucket over a part of an image's rows. */
    public Buckets buckets(Connection connection, Image image, Pages pages) throws SQLException {
        return sums(
                        connection,
                        "select b, count(*), sum(h0), sum(h1)\nfrom (%s) as u\ngroup by b"
                                .formatted(hashed(image, pages.from(image.from()))))
                .getFirst();
    }

    /**
     * The same of an image and of one that {@link Image#pairsRowsOf pairs its rows}, in one scan.
     *
     * @return first of the rows, then of the pairs
     */
    public List<Buckets> buckets(Connection connection, Image rows, Image pairs, Pages pages) throws SQLException {
        String hashed = hash.rowsWithPairs(rows.key(), rows.values(), pairs.key(), pages.from(rows.from()), bucketBits);
        return sums(
                connection,
                "select b, count(*), sum(h0), sum(h1), sum(p0), sum(p1)\nfrom (%s) as u\ngroup by b".formatted(hashed));
    }

    /**
     * Sums of every bucket over a part of the key map, all its tables and models in one scan.
     *
     * @param mappings what of it counts
     */
    public Map<Mapped, Buckets> keyMap(Connection connection, Image mappings, Pages pages) throws SQLException {
        String hashed = hash.pairs(
                mappings.key(),
                mappings.values().getFirst(),
                ", source_table, target_model",
                pages.from(mappings.from()),
                bucketBits);
        String sql = """
                select t.name, m.name, g.b, g.rows, g.sum0, g.sum1
                from (select source_table, target_model, b, count(*) as rows, sum(h0) as sum0, sum(h1) as sum1
                from (%s) as u
                group by source_table, target_model, b) as g
                join shadow.source_table as t on t.id = g.source_table
                join shadow.target_model as m on m.id = g.target_model""".formatted(hashed);
        Map<Mapped, Map<Integer, BucketSum>> sums = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                sums.computeIfAbsent(new Mapped(rows.getString(1), rows.getString(2)), _ -> new HashMap<>())
                        .put(rows.getInt(3), new BucketSum(rows.getLong(4), wrapped(rows, 5), wrapped(rows, 6)));
            }
        }
        Map<Mapped, Buckets> buckets = new HashMap<>();
        sums.forEach((mapped, some) -> buckets.put(mapped, new Buckets(some)));
        return buckets;
    }

    /** A source table and a model that its rows become. */
    public record Mapped(String table, String model) {}

    private static List<Buckets> sums(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            int pairsOfSums = (rows.getMetaData().getColumnCount() - 2) / 2;
            List<Map<Integer, BucketSum>> sums = new ArrayList<>();
            for (int i = 0; i < pairsOfSums; i++) {
                sums.add(new HashMap<>());
            }
            while (rows.next()) {
                for (int i = 0; i < pairsOfSums; i++) {
                    sums.get(i)
                            .put(
                                    rows.getInt(1),
                                    new BucketSum(rows.getLong(2), wrapped(rows, 3 + 2 * i), wrapped(rows, 4 + 2 * i)));
                }
            }
            return sums.stream().map(Buckets::new).toList();
        }
    }

    private static long wrapped(ResultSet rows, int column) throws SQLException {
        BigDecimal sum = rows.getBigDecimal(column);
        return sum.toBigInteger().longValue();
    }

    /**
     * The rows of some buckets, in the order of their keys' UTF-8 bytes, through a cursor. The server sorts keys and numbers, never
     * whole rows, so what it needs on disk for that does not grow with their width.
     *
     * @param columns of the images
     */
    public <T> T inKeyOrder(
            Connection connection,
            List<Image> images,
            Collection<ColumnType> columns,
            Set<Integer> buckets,
            KeyCursor.Reader<T> reader)
            throws SQLException {
        String sql = "select k, w, h0, h1, l\nfrom (" + hashed(images, columns)
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
        try (PreparedStatement statement =
                connection.prepareStatement(texts(images, columns, "s.\"shadow k\" = any (?)"))) {
            statement.setFetchSize(fetchSize);
            for (int i = 1; i <= images.size(); i++) {
                statement.setArray(i, array(connection, "text", keys));
            }
            try (ResultSet rows = statement.executeQuery()) {
                Map<String, List<@Nullable String>> found = new LinkedHashMap<>();
                while (rows.next()) {
                    found.put(rows.getString(1), texts(rows, columns));
                }
                return found;
            }
        }
    }

    /** The columns of the row a result stands on, which its key precedes. */
    static List<@Nullable String> texts(ResultSet row, int columns) throws SQLException {
        List<@Nullable String> values = new ArrayList<>(columns);
        for (int i = 0; i < columns; i++) {
            values.add(row.getString(i + 2));
        }
        return values;
    }

    /** Spells only the rows that are asked for: to spell a row costs more than to know its key. */
    private String texts(List<Image> images, int columns, String condition) {
        StringBuilder sql = new StringBuilder("select * from (");
        for (int i = 0; i < images.size(); i++) {
            Image image = images.get(i);
            sql.append(i == 0 ? "" : "\nunion all\n").append(shortened(columns)).append("""
                     from (select s."shadow k" as k%s
                     from (select s.*, %s as "shadow k"
                     %s
                    offset 0) as s
                    where %s) as i
                    """.formatted(
                            texts(image), image.key(), image.from(), condition));
        }
        return sql.append(") as u").toString();
    }

    private static String texts(Image image) {
        StringBuilder sql = new StringBuilder();
        for (int i = 0; i < image.texts().size(); i++) {
            sql.append(", ").append(image.texts().get(i)).append(" as c").append(i);
        }
        return sql.toString();
    }

    private static String shortened(int columns) {
        StringBuilder sql = new StringBuilder("select k");
        for (int i = 0; i < columns; i++) {
            sql.append("""
                    , case when octet_length(c%1$d) <= %2$d then c%1$d
                     else left(c%1$d, %3$d) || chr(1) || octet_length(c%1$d) || ' bytes, MD5 ' || md5(c%1$d) end as c%1$d""".formatted(i, LONGEST_VALUE_BYTES, SHORTENED_CHARACTERS));
        }
        return sql.toString();
    }

    private static Array array(Connection connection, String type, Collection<?> elements) throws SQLException {
        return connection.createArrayOf(type, elements.toArray());
    }

    private String hashed(List<Image> images, Collection<ColumnType> columns) {
        StringBuilder sql = new StringBuilder();
        for (int i = 0; i < images.size(); i++) {
            Image image = images.get(i);
            sql.append(i == 0 ? "" : "\nunion all\n")
                    .append("select k, %d as w, b, h0, h1, %s as l\nfrom ("
                            .formatted(i, image.pair() ? "null::bigint" : "l"))
                    .append(
                            image.pair()
                                    ? hash.pairs(image.key(), image.values().getFirst(), image.from(), bucketBits)
                                    : hash.rows(
                                            image.key(),
                                            image.values(),
                                            spelled(image, columns),
                                            image.from(),
                                            bucketBits))
                    .append(") as r");
        }
        return sql.toString();
    }

    private static Map<Integer, RowHash.Spelled> spelled(Image image, Collection<ColumnType> columns) {
        Map<Integer, RowHash.Spelled> spelled = new HashMap<>();
        int position = 0;
        for (ColumnType type : columns) {
            if (CanonicalSql.hasSpellings(type)) {
                spelled.put(position, new RowHash.Spelled(type, image.texts().get(position)));
            }
            position++;
        }
        return spelled;
    }

    private String hashed(Image image, String from) {
        return image.pair()
                ? hash.pairs(image.key(), image.values().getFirst(), from, bucketBits)
                : hash.rows(image.key(), image.values(), from, bucketBits);
    }
}
