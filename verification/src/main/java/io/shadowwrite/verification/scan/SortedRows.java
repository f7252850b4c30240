package io.shadowwrite.verification.scan;

import io.shadowwrite.verification.compile.Image;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks the first page up by key, because mostly there is no other, and walks over the sorted rows for the next ones. */
final class SortedRows implements RowPages, AutoCloseable {

    private final Scans scans;
    private final Connection connection;
    private final List<Image> images;
    private final int columns;
    private final Set<Integer> buckets;
    private boolean beyondFirst;
    private @Nullable PreparedStatement statement;
    private @Nullable ResultSet sorted;
    private @Nullable String key;

    SortedRows(Scans scans, Connection connection, List<Image> images, int columns, Set<Integer> buckets) {
        this.scans = scans;
        this.connection = connection;
        this.images = List.copyOf(images);
        this.columns = columns;
        this.buckets = Set.copyOf(buckets);
    }

    @Override
    public Map<String, List<@Nullable String>> rows(Collection<String> keys) throws SQLException {
        if (keys.isEmpty() || images.isEmpty()) {
            return Map.of();
        }
        if (!beyondFirst) {
            beyondFirst = true;
            return scans.images(connection, images, columns, keys);
        }
        return walk(keys);
    }

    private Map<String, List<@Nullable String>> walk(Collection<String> keys) throws SQLException {
        ResultSet rows = sorted == null ? open(keys.iterator().next()) : sorted;
        Map<String, List<@Nullable String>> found = new LinkedHashMap<>();
        for (String wanted : keys) {
            while (key != null && KeyCursor.compare(key, wanted) <= 0) {
                if (key.equals(wanted)) {
                    found.put(wanted, Scans.texts(rows, columns));
                }
                advance(rows);
            }
        }
        return found;
    }

    private ResultSet open(String firstKey) throws SQLException {
        PreparedStatement query = scans.sorted(connection, images, columns, buckets, firstKey);
        statement = query;
        ResultSet rows = query.executeQuery();
        sorted = rows;
        advance(rows);
        return rows;
    }

    private void advance(ResultSet rows) throws SQLException {
        key = rows.next() ? rows.getString(1) : null;
    }

    @Override
    public void close() throws SQLException {
        if (statement != null) {
            statement.close();
        }
    }
}
