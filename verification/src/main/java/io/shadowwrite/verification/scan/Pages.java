package io.shadowwrite.verification.scan;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a table, by the numbers of its pages. Parts that {@link #of} gives never overlap and leave no page out, however
 * many pages the table really has: the first begins at the first page, and the last has no end.
 *
 * @param from first page
 * @param below the page behind the last; {@link #NO_END} when there is none
 */
public record Pages(long from, long below) {

    static final long NO_END = Long.MAX_VALUE;

    /** Every row of anything that can be read. */
    public static final Pages ALL = new Pages(0, NO_END);

    /** Below that many pages (2 MB of the usual size) a part costs more than a second reader gains. */
    private static final long FEWEST = 256;

    /**
     * Pages of the largest and of all of what is read, the leaves of a partitioned table. What is no table of its own, such
     * as a view or a foreign table, or has heirs, may have rows without a place, and yields no number.
     */
    private static final String SIZE = """
            with relations as (
                select to_regclass(?)::oid as oid
                union
                select relid from pg_partition_tree(to_regclass(?)) where isleaf
            ), sized as (
                select c.relkind in ('r', 'm') and not c.relhassubclass as has_pages,
                       pg_relation_size(c.oid) / current_setting('block_size')::bigint as pages
                  from relations r
                  join pg_class c on c.oid = r.oid
                 where c.relkind <> 'p'
            )
            select max(pages), sum(pages)::bigint
              from sized
            having bool_and(has_pages)
            """;

    /**
     * Parts of a relation, of about equal size.
     *
     * @param relation its name as SQL
     * @param most how many at most
     */
    public static List<Pages> of(Connection connection, String relation, int most) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SIZE)) {
            statement.setString(1, relation);
            statement.setString(2, relation);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? parts(row.getLong(1), (int) Math.min(most, row.getLong(2) / FEWEST)) : List.of(ALL);
            }
        }
    }

    private static List<Pages> parts(long pages, int parts) {
        List<Pages> split = new ArrayList<>();
        for (int i = 0; i < parts - 1; i++) {
            split.add(new Pages(pages * i / parts, pages * (i + 1) / parts));
        }
        split.add(parts < 1 ? ALL : new Pages(pages * (parts - 1) / parts, NO_END));
        return List.copyOf(split);
    }

    /** The same FROM and WHERE, for the rows {@code s} of these pages. */
    String from(String all) {
        String first = from == 0 ? "" : "\n   and s.ctid >= '(" + from + ",0)'";
        String last = below == NO_END ? "" : "\n   and s.ctid < '(" + below + ",0)'";
        return all + first + last;
    }
}
