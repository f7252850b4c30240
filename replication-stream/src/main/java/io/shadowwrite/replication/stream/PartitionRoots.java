package io.shadowwrite.replication.stream;

import io.shadowwrite.replication.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;

/**
 * Which table a partition belongs to, by the catalog of now. Remembered for a minute, because a table can become a partition
 * later; a partition that was dropped meanwhile keeps the root it had, and one never seen stands for itself. Used by the
 * stream thread only.
 */
final class PartitionRoots {

    private static final int MAX_REMEMBERED = 10_000;
    private static final long FRESH_NANOS = Duration.ofMinutes(1).toNanos();

    private static final String ROOT = """
            SELECT rn.nspname, r.relname
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              LEFT JOIN pg_catalog.pg_class r
                ON r.oid = CASE WHEN c.relispartition THEN pg_catalog.pg_partition_root(c.oid)::oid ELSE c.oid END
              LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
             WHERE n.nspname = ? AND c.relname = ?
            """;

    private final SideConnection catalog;
    private final LinkedHashMap<TableName, Known> known = new LinkedHashMap<>(16, 0.75f, true);

    private record Known(TableName root, long at) {}

    PartitionRoots(SideConnection catalog) {
        this.catalog = catalog;
    }

    /** The root of the partition tree; a table that is no partition is its own. */
    TableName rootOf(TableName leaf) {
        long now = System.nanoTime();
        Known before = known.get(leaf);
        if (before != null && now - before.at() < FRESH_NANOS) {
            return before.root();
        }
        TableName otherwise = before == null ? leaf : before.root();
        TableName root = catalog.ask("looking up the root of " + leaf, connection -> ask(connection, leaf, otherwise));
        if (known.size() >= MAX_REMEMBERED) {
            known.pollFirstEntry();
        }
        known.put(leaf, new Known(root, now));
        return root;
    }

    private static TableName ask(Connection connection, TableName leaf, TableName otherwise) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ROOT)) {
            statement.setString(1, leaf.schema());
            statement.setString(2, leaf.name());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() && rows.getString(2) != null
                        ? new TableName(rows.getString(1), rows.getString(2))
                        : otherwise;
            }
        }
    }
}
