package io.shadowwrite.backfill.load;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.protocol.LoadState;
import io.shadowwrite.replication.StreamProblem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the mapped tables into parts. Parts of a table never overlap and leave nothing out, however large it really is: the
 * first begins at the first page, and the last has no end.
 *
 * @param passes the parts of each pass, which is loaded once the one before is complete
 * @param rows how many rows there are, by the server's last estimate
 * @param bytes of all parts, about
 */
public record Parts(List<List<Part>> passes, long rows, long bytes) {

    /**
     * The leaves of a partitioned table are cut at the same pages, all at once. What is no plain table, or has heirs, may have
     * rows without a place, and is one part.
     */
    private static final String SIZE = """
            WITH relations AS (
                SELECT ?::pg_catalog.regclass::oid AS oid
                UNION
                SELECT relid FROM pg_catalog.pg_partition_tree(?::pg_catalog.regclass) WHERE isleaf
            ), sized AS (
                SELECT c.relkind IN ('r', 'm') AND NOT c.relhassubclass AS has_pages,
                       pg_catalog.pg_relation_size(c.oid) AS bytes,
                       current_setting('block_size')::bigint AS page,
                       greatest(c.reltuples, 0) AS rows
                  FROM relations r
                  JOIN pg_catalog.pg_class c ON c.oid = r.oid
                 WHERE c.relkind <> 'p'
            )
            SELECT coalesce(max(bytes / page), 0) AS most_pages,
                   coalesce(sum(bytes / page), 0)::bigint AS pages,
                   coalesce(sum(bytes), 0)::bigint AS bytes,
                   coalesce(sum(rows), 0)::bigint AS rows,
                   coalesce(bool_and(has_pages), false) AS cut
              FROM sized
            """;

    private record Size(long mostPages, long pages, long bytes, long rows, boolean cut) {}

    /**
     * Looks at the tables.
     *
     * @param pages in one part, about
     * @throws StreamProblem when the source cannot be asked
     */
    public static Parts of(Contract contract, LoadState target, Connection connection, int pages) {
        try {
            return cut(contract, target, connection, pages);
        } catch (SQLException e) {
            throw StreamProblem.ofQuestion("asking for the sizes of the mapped tables", e);
        }
    }

    private static Parts cut(Contract contract, LoadState target, Connection connection, int pages)
            throws SQLException {
        Map<SourceTable.Mapped, Size> sizes = new LinkedHashMap<>();
        for (SourceTable source : contract.sources().values()) {
            if (source instanceof SourceTable.Mapped mapped) {
                sizes.put(mapped, size(connection, mapped));
            }
        }
        List<List<Part>> passes = new ArrayList<>();
        long rows = 0;
        long bytes = 0;
        for (int pass = 0; pass < target.passes().size(); pass++) {
            List<Part> parts = new ArrayList<>();
            for (Map.Entry<SourceTable.Mapped, Size> each : sizes.entrySet()) {
                Set<String> models = models(each.getKey(), target.passes().get(pass));
                if (!models.isEmpty()) {
                    boolean whole = !Collections.disjoint(models, target.whole());
                    parts.addAll(
                            parts(each.getKey(), pass, models, each.getValue(), whole ? Integer.MAX_VALUE : pages));
                    rows += each.getValue().rows();
                    bytes += each.getValue().bytes();
                }
            }
            passes.add(List.copyOf(parts));
        }
        return new Parts(List.copyOf(passes), rows, bytes);
    }

    private static Set<String> models(SourceTable.Mapped table, List<String> pass) {
        Set<String> models = new HashSet<>();
        table.writes().forEach(write -> models.add(write.model().name()));
        models.retainAll(pass);
        return Set.copyOf(models);
    }

    private static Size size(Connection connection, SourceTable.Mapped table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SIZE)) {
            statement.setString(1, table.name().quoted());
            statement.setString(2, table.name().quoted());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Size(
                        row.getLong("most_pages"),
                        row.getLong("pages"),
                        row.getLong("bytes"),
                        row.getLong("rows"),
                        row.getBoolean("cut"));
            }
        }
    }

    private static List<Part> parts(SourceTable.Mapped table, int pass, Set<String> models, Size size, int pages) {
        int count = size.cut() ? (int) Math.max(1, Math.min(size.pages() / pages, size.mostPages())) : 1;
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long from = size.mostPages() * i / count;
            @Nullable Long below = i == count - 1 ? null : size.mostPages() * (i + 1) / count;
            parts.add(new Part(table, pass, models, from, below, size.bytes() / count));
        }
        return parts;
    }
}
