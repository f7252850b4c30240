package io.shadowwrite.cli.draft;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.JsonPointer;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.contract.SourceTable.Identity;
import io.shadowwrite.contract.fit.Misfit;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.TableName;
import io.shadowwrite.replication.source.ReplicaIdentity;
import io.shadowwrite.replication.source.ReplicaIdentity.Kind;
import io.shadowwrite.replication.source.SourceInspection;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the WAL carries of the old rows of mapped tables, leaf by leaf, beside what the contract counts on. */
final class SourceIdentities {

    /** The primary key before others, of indexes that can name old rows. */
    private static final String INDEX = """
            SELECT i.indisprimary, x.relname
              FROM pg_catalog.pg_index i
              JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
              JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = ? AND c.relname = ?
               AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
               AND NOT EXISTS (SELECT
                                 FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
                                 JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                                WHERE k.place <= i.indnkeyatts AND NOT a.attnotnull)
               AND ?::text[] <@ ARRAY(SELECT a.attname::text
                                        FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
                                        JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                                       WHERE k.place <= i.indnkeyatts)
             ORDER BY i.indisprimary DESC, x.relname
             LIMIT 1
            """;

    private static final String ROOT = """
            SELECT rn.nspname, r.relname
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_catalog.pg_class r ON r.oid = pg_catalog.pg_partition_root(c.oid)
              JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
             WHERE n.nspname = ? AND c.relname = ? AND c.relispartition
            """;

    /** The levels of a partitioned table whose partition key is not wholly in these columns. */
    private static final String UNCOVERED = """
            SELECT count(*)
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             CROSS JOIN LATERAL pg_catalog.pg_partition_tree(c.oid) t
              JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = t.relid
             WHERE n.nspname = ? AND c.relname = ?
               AND EXISTS (SELECT
                             FROM unnest(p.partattrs::int2[]) AS k (attnum)
                             LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = k.attnum
                            WHERE a.attname IS NULL OR a.attname::text <> ALL (?::text[]))
            """;

    /** What SET NOT NULL costs. */
    static final String READS_ALL = " /* SET NOT NULL reads the table under an exclusive lock */";

    private final Connection source;
    private final Map<QualifiedName, List<ReplicaIdentity>> leaves = new LinkedHashMap<>();

    private SourceIdentities(Connection source) {
        this.source = source;
    }

    static SourceIdentities of(Contract contract, Connection source) {
        SourceIdentities identities = new SourceIdentities(source);
        List<TableName> mapped = contract.sources().values().stream()
                .filter(SourceTable.Mapped.class::isInstance)
                .map(table -> new TableName(table.name().schema(), table.name().name()))
                .toList();
        new SourceInspection(source)
                .identities(mapped)
                .forEach(leaf -> identities
                        .leaves
                        .computeIfAbsent(qualified(leaf.table()), _ -> new ArrayList<>())
                        .add(leaf));
        return identities;
    }

    private List<ReplicaIdentity> leaves(SourceTable table) {
        return leaves.getOrDefault(table.name(), List.of());
    }

    /** What would vanish, what a reader would refuse, and what is sent in vain. */
    List<Misfit> misfits(SourceTable.Mapped table) {
        if (rootOfPartition(table.name()) != null) {
            return List.of();
        }
        List<Misfit> misfits = new ArrayList<>();
        for (ReplicaIdentity leaf : leaves(table)) {
            if (leaf.problem() != null) {
                misfits.add(vanishing(table, leaf));
            } else if (!table.contentWith(leaf.kind() == Kind.FULL, leaf.keyColumns())) {
                misfits.add(Misfit.mended(
                        at(table),
                        "table %s has replica identity %s, which carries %s of an old row, the contract says %s and its key is %s"
                                .formatted(leaf.leaf(), leaf.kind(), leaf.keyColumns(), table.identity(), table.key()),
                        mending(table, leaf)));
            } else if (!leaf.kind().name().equals(table.identity().name())) {
                misfits.add(Misfit.of(
                                at(table),
                                "%s has replica identity %s, the contract says %s"
                                        .formatted(leaf.leaf(), leaf.kind(), table.identity()),
                                leaf.kind() == Kind.FULL
                                        ? "change one of them; whole old rows make messages twice as large"
                                        : "change one of them")
                        .tolerable());
            }
        }
        return misfits;
    }

    private Misfit vanishing(SourceTable.Mapped table, ReplicaIdentity leaf) {
        String what = "table %s %s: its updates and deletes would vanish".formatted(leaf.leaf(), leaf.problem());
        String fix = String.valueOf(leaf.fix());
        if (needsPrimaryKey(table, leaf) && !mayHaveKey(table)) {
            return Misfit.of(
                    at(table),
                    what,
                    "a primary key of a partitioned table holds its partition key, which %s does not; choose another key, or REPLICA IDENTITY FULL"
                            .formatted(table.key()));
        }
        return fix.startsWith("ALTER ")
                ? Misfit.mended(at(table), what, mending(table, leaf))
                : Misfit.of(at(table), what, fix);
    }

    private static boolean needsPrimaryKey(SourceTable.Mapped table, ReplicaIdentity leaf) {
        return leaf.problem() != null
                && String.valueOf(leaf.fix()).contains(" ADD PRIMARY KEY ")
                && table.identity() == Identity.DEFAULT;
    }

    /** Whether an index can keep the key unique in the whole table. */
    private boolean mayHaveKey(SourceTable.Mapped table) {
        try (PreparedStatement statement = source.prepareStatement(UNCOVERED)) {
            statement.setString(1, table.name().schema());
            statement.setString(2, table.name().name());
            statement.setArray(3, source.createArrayOf("text", table.key().toArray()));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getLong(1) == 0;
            }
        } catch (SQLException e) {
            throw StreamProblem.of("looking for partition keys of the source", e);
        }
    }

    /** Whether a problem of the table's catalog is told by {@link #misfits} already. */
    boolean explains(SourceTable.Mapped table, String problem) {
        return misfits(table).stream().anyMatch(Misfit::blocks)
                && (problem.startsWith("partition ")
                        || leaves(table).stream()
                                .anyMatch(leaf -> leaf.problem() != null
                                        && problem.startsWith("%s %s".formatted(leaf.leaf(), leaf.problem()))));
    }

    private String mending(SourceTable.Mapped table, ReplicaIdentity leaf) {
        String fix = String.valueOf(leaf.fix());
        boolean carries = table.contentWith(leaf.kind() == Kind.FULL, leaf.keyColumns());
        if (fix.endsWith(" SET LOGGED;")) {
            return "%s /* rewrites the table under an exclusive lock */%s"
                    .formatted(fix, carries ? "" : " " + identity(table, leaf));
        }
        if (needsPrimaryKey(table, leaf)) {
            return "ALTER TABLE %s ADD PRIMARY KEY (%s); -- holds an exclusive lock while it is built"
                    .formatted(table.name().quoted(), columns(table));
        }
        return identity(table, leaf);
    }

    private String identity(SourceTable.Mapped table, ReplicaIdentity leaf) {
        return table.identity() == Identity.FULL
                ? "ALTER TABLE %s REPLICA IDENTITY FULL;"
                        .formatted(qualified(leaf.leaf()).quoted())
                : keyed(table, qualified(leaf.leaf()));
    }

    private static String columns(SourceTable.Mapped table) {
        return table.key().stream().map(QualifiedName::quote).collect(Collectors.joining(", "));
    }

    /** The least that carries the key. */
    private String keyed(SourceTable.Mapped table, QualifiedName leaf) {
        String alter = "ALTER TABLE %s REPLICA IDENTITY".formatted(leaf.quoted());
        try (PreparedStatement statement = source.prepareStatement(INDEX)) {
            Array key = source.createArrayOf("text", table.key().toArray());
            statement.setString(1, leaf.schema());
            statement.setString(2, leaf.name());
            statement.setArray(3, key);
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    return row.getBoolean(1)
                            ? alter + " DEFAULT;"
                            : "%s USING INDEX %s;".formatted(alter, QualifiedName.quote(row.getString(2)));
                }
            }
        } catch (SQLException e) {
            throw StreamProblem.of("reading the indexes of the source", e);
        }
        return table.identity() == Identity.INDEX ? newIndex(table, leaf, alter) : alter + " FULL;";
    }

    private static String newIndex(SourceTable.Mapped table, QualifiedName leaf, String alter) {
        LiveIndex index = LiveIndex.of("identity", leaf, table.key());
        String notNull = table.key().stream()
                .map(column -> "ALTER COLUMN %s SET NOT NULL".formatted(QualifiedName.quote(column)))
                .collect(Collectors.joining(", "));
        return "ALTER TABLE %s %s; %s %s USING INDEX %s;%s"
                .formatted(leaf.quoted(), notNull, index.build(), alter, index.quoted(), READS_ALL);
    }

    /** Whether the table holds its rows itself, so that an index can be built while it is written. */
    boolean isPlain(SourceTable.Mapped table) {
        List<ReplicaIdentity> own = leaves(table);
        return own.size() == 1 && qualified(own.getFirst().leaf()).equals(table.name());
    }

    /** The table whose partition this is; null when it is none. */
    @Nullable QualifiedName rootOfPartition(QualifiedName table) {
        try (PreparedStatement statement = source.prepareStatement(ROOT)) {
            statement.setString(1, table.schema());
            statement.setString(2, table.name());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new QualifiedName(row.getString(1), row.getString(2)) : null;
            }
        } catch (SQLException e) {
            throw StreamProblem.of("looking for partitions of the source", e);
        }
    }

    private static QualifiedName qualified(TableName table) {
        return new QualifiedName(table.schema(), table.name());
    }

    private static String at(SourceTable table) {
        return JsonPointer.of("sources", table.name().toString(), "identity").text();
    }
}
