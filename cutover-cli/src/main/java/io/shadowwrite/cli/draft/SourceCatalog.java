package io.shadowwrite.cli.draft;

import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable.Identity;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.TableName;
import io.shadowwrite.replication.source.ReplicaIdentity;
import io.shadowwrite.replication.source.SourceInspection;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a source consists of, read from its catalog over one connection with an empty search path. For the thread that owns
 * the connection, which stays open.
 */
final class SourceCatalog {

    /**
     * Whatever a slot may bring changes of. Partitions belong to their root; of what is not a user's own table, the rows are
     * made by something else.
     */
    private static final String TABLES = """
            SELECT c.oid::bigint AS oid, n.nspname, c.relname, c.relreplident::text AS identity,
                   CASE WHEN c.relkind = 'm' THEN 'is a materialized view; refresh one of the target''s own'
                        WHEN EXISTS (SELECT FROM pg_catalog.pg_depend d
                                      WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
                                        AND d.deptype = 'e')
                        THEN 'belongs to an extension; the target has its own'
                        WHEN NOT has_schema_privilege(n.oid, 'USAGE') OR NOT has_table_privilege(c.oid, 'SELECT')
                        THEN format('may not be read; GRANT USAGE ON SCHEMA %I TO %I; GRANT SELECT ON %I.%I TO %2$I;',
                                    n.nspname, current_user, n.nspname, c.relname)
                        WHEN c.relkind = 'r' AND EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid)
                        THEN 'has tables that inherit from it, whose rows are read through it; map those, or make it partitioned'
                   END AS obstacle
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p', 'm')
               AND NOT c.relispartition
               AND c.relpersistence = 'p'
               AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
             ORDER BY n.nspname, c.relname
            """;

    /**
     * Domains are followed to what they are made of before a column is judged as a key. Money, and rows of a table, which no
     * type of the target is like, are looked for in whatever a type is made of.
     */
    private static final String COLUMNS = """
            WITH RECURSIVE base AS (
                SELECT a.attrelid, a.attnum, a.atttypid AS type, a.atttypmod AS typmod, a.attcollation AS collation
                  FROM pg_catalog.pg_attribute a
                 WHERE a.attrelid = ANY (?::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
                 UNION ALL
                SELECT b.attrelid, b.attnum, t.typbasetype, t.typtypmod, b.collation
                  FROM base b
                  JOIN pg_catalog.pg_type t ON t.oid = b.type
                 WHERE t.typtype = 'd'
            ), part_of AS (
                SELECT DISTINCT b.type AS whole, b.type AS part FROM base b
                 UNION
                SELECT p.whole, inner_part.oid
                  FROM part_of p
                  JOIN pg_catalog.pg_type t ON t.oid = p.part
                 CROSS JOIN LATERAL (
                    SELECT t.typelem AS oid WHERE t.typcategory = 'A'
                     UNION ALL
                    SELECT t.typbasetype WHERE t.typtype = 'd'
                     UNION ALL
                    SELECT c.atttypid FROM pg_catalog.pg_attribute c
                     WHERE t.typtype = 'c' AND c.attrelid = t.typrelid AND c.attnum > 0 AND NOT c.attisdropped
                     UNION ALL
                    SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE t.oid IN (r.rngtypid, r.rngmultitypid)
                  ) inner_part
            ), strange AS (
                SELECT DISTINCT p.whole
                  FROM part_of p
                  JOIN pg_catalog.pg_type t ON t.oid = p.part
                  LEFT JOIN pg_catalog.pg_class r ON r.oid = t.typrelid
                 WHERE t.oid = 'money'::regtype OR t.typtype = 'c' AND r.relkind <> 'c'
            )
            SELECT a.attrelid::bigint AS oid,
                   a.attname,
                   format_type(a.atttypid, a.atttypmod) AS type,
                   a.attnotnull,
                   NOT coalesce(NOT c.collisdeterministic, false)
                       AND (n.nspname = 'pg_catalog' OR t.typtype = 'e')
                       AND t.typcategory <> 'A'
                       AND t.oid NOT IN ('real'::regtype, 'double precision'::regtype, 'interval'::regtype,
                                         'json'::regtype, 'jsonb'::regtype, 'xml'::regtype, 'numrange'::regtype,
                                         'nummultirange'::regtype)
                       AND NOT (t.oid = 'numeric'::regtype AND b.typmod = -1) AS key_fit,
                   NOT EXISTS (SELECT FROM strange s WHERE s.whole = t.oid) AND a.attgenerated <> 'v' AS copyable
              FROM base b
              JOIN pg_catalog.pg_type t ON t.oid = b.type AND t.typtype <> 'd'
              JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
              LEFT JOIN pg_catalog.pg_collation c ON c.oid = b.collation
              JOIN pg_catalog.pg_attribute a ON a.attrelid = b.attrelid AND a.attnum = b.attnum
             ORDER BY a.attrelid, a.attnum
            """;

    /**
     * The indexes that tell rows apart, first the one that names old rows; with whole old rows, the smallest.
     */
    private static final String KEYS = """
            SELECT i.indrelid::bigint AS oid,
                   CASE c.relreplident WHEN 'i' THEN i.indisreplident WHEN 'f' THEN true ELSE i.indisprimary END AS names_rows,
                   ARRAY(SELECT a.attname::text
                           FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
                           JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                          WHERE k.place <= i.indnkeyatts
                          ORDER BY k.place) AS columns
              FROM pg_catalog.pg_index i
              JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
             WHERE i.indrelid = ANY (?::oid[])
               AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
               AND NOT EXISTS (SELECT
                                 FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
                                 JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                                WHERE k.place <= i.indnkeyatts AND NOT a.attnotnull)
             ORDER BY i.indrelid, 2 DESC, i.indisprimary DESC, i.indnkeyatts, i.indexrelid
            """;

    private final Connection connection;

    private record Index(boolean namesRows, List<String> columns) {}

    SourceCatalog(Connection connection) {
        this.connection = connection;
    }

    /**
     * All of them, in the order of their names.
     *
     * @throws StreamProblem when the source cannot be asked
     */
    List<CatalogTable> tables() {
        try {
            return withProblems(List.copyOf(read().values()));
        } catch (SQLException e) {
            throw StreamProblem.of("reading the catalog of the source", e);
        }
    }

    private Map<Long, CatalogTable> read() throws SQLException {
        Map<Long, CatalogTable> tables = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(TABLES)) {
            while (rows.next()) {
                tables.put(
                        rows.getLong("oid"),
                        new CatalogTable(
                                new QualifiedName(rows.getString("nspname"), rows.getString("relname")),
                                identity(rows.getString("identity")),
                                List.of(),
                                List.of(),
                                List.of(),
                                rows.getString("obstacle")));
            }
        }
        Map<Long, List<CatalogTable.Column>> columns = columns(tables);
        Map<Long, List<Index>> indexes = indexes(tables);
        tables.replaceAll((oid, table) -> {
            List<Index> own = indexes.getOrDefault(oid, List.of());
            return new CatalogTable(
                    table.name(),
                    table.identity(),
                    columns.getOrDefault(oid, List.of()),
                    own.stream()
                            .filter(Index::namesRows)
                            .findFirst()
                            .map(Index::columns)
                            .orElse(List.of()),
                    own.stream().map(index -> Set.copyOf(index.columns())).toList(),
                    table.problem());
        });
        return tables;
    }

    private static Identity identity(String letter) {
        return switch (letter) {
            case "f" -> Identity.FULL;
            case "i" -> Identity.INDEX;
            default -> Identity.DEFAULT;
        };
    }

    private Map<Long, List<CatalogTable.Column>> columns(Map<Long, CatalogTable> tables) throws SQLException {
        Map<Long, List<CatalogTable.Column>> columns = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setArray(1, oids(tables));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.computeIfAbsent(rows.getLong("oid"), _ -> new ArrayList<>())
                            .add(new CatalogTable.Column(
                                    rows.getString("attname"),
                                    rows.getString("type"),
                                    rows.getBoolean("attnotnull"),
                                    rows.getBoolean("key_fit"),
                                    rows.getBoolean("copyable")));
                }
            }
        }
        return columns;
    }

    private Map<Long, List<Index>> indexes(Map<Long, CatalogTable> tables) throws SQLException {
        Map<Long, List<Index>> indexes = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(KEYS)) {
            statement.setArray(1, oids(tables));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    indexes.computeIfAbsent(rows.getLong("oid"), _ -> new ArrayList<>())
                            .add(new Index(rows.getBoolean("names_rows"), List.of((String[])
                                    rows.getArray("columns").getArray())));
                }
            }
        }
        return indexes;
    }

    private Array oids(Map<Long, CatalogTable> tables) throws SQLException {
        return connection.createArrayOf("int8", tables.keySet().toArray());
    }

    /** What a reader of the slot would complain about, partition by partition: the WAL follows them, and not their root. */
    private List<CatalogTable> withProblems(List<CatalogTable> tables) {
        Map<TableName, List<ReplicaIdentity>> leaves = new LinkedHashMap<>();
        List<TableName> names = tables.stream().map(SourceCatalog::name).toList();
        new SourceInspection(connection)
                .identities(names)
                .forEach(leaf -> leaves.computeIfAbsent(leaf.table(), _ -> new ArrayList<>())
                        .add(leaf));
        return tables.stream()
                .map(table -> table.problem() == null
                        ? table.with(problem(table, leaves.getOrDefault(name(table), List.of())))
                        : table)
                .toList();
    }

    private static TableName name(CatalogTable table) {
        return new TableName(table.name().schema(), table.name().name());
    }

    private static @Nullable String problem(CatalogTable table, List<ReplicaIdentity> leaves) {
        for (ReplicaIdentity leaf : leaves) {
            if (leaf.problem() != null) {
                return "%s %s; %s".formatted(leaf.leaf(), leaf.problem(), leaf.fix());
            }
        }
        if (table.key().isEmpty()) {
            return "has no unique index over columns that are NOT NULL, so its rows cannot be told apart; add a primary key";
        }
        return leaves.stream()
                .filter(leaf -> leaf.kind() != ReplicaIdentity.Kind.FULL
                        && (table.identity() == Identity.FULL
                                || !leaf.keyColumns().containsAll(table.key())))
                .findFirst()
                .map(leaf -> "partition %s has another replica identity than %s; give all partitions the same"
                        .formatted(leaf.leaf(), table.name()))
                .orElse(null);
    }
}
