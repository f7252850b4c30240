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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a source consists of, read from its catalog over one connection with an empty search path. For the thread that owns
 * the connection, which stays open.
 */
public final class SourceCatalog {

    /** Tables of users; those of extensions belong to the extension, and partitions to their root. */
    private static final String TABLES = """
            SELECT c.oid::bigint AS oid, n.nspname, c.relname, c.relreplident::text AS identity
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p')
               AND NOT c.relispartition
               AND c.relpersistence <> 't'
               AND CASE WHEN cardinality(?::text[]) = 0
                        THEN n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
                        ELSE n.nspname = ANY (?::text[]) END
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                                WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
                                  AND d.deptype = 'e')
             ORDER BY n.nspname, c.relname
            """;

    /** Domains are followed to what they are made of before a column is judged as a key. */
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
            )
            SELECT a.attrelid::bigint AS oid,
                   a.attname,
                   format_type(a.atttypid, a.atttypmod) AS type,
                   a.attnotnull,
                   NOT coalesce(NOT c.collisdeterministic, false)
                       AND (n.nspname = 'pg_catalog' OR t.typtype = 'e')
                       AND t.typcategory <> 'A'
                       AND t.oid NOT IN ('real'::regtype, 'double precision'::regtype, 'interval'::regtype,
                                         'json'::regtype, 'jsonb'::regtype, 'xml'::regtype)
                       AND NOT (t.oid = 'numeric'::regtype AND b.typmod = -1) AS key_fit,
                   e.typtype <> 'c' OR r.relkind = 'c' AS copyable
              FROM base b
              JOIN pg_catalog.pg_type t ON t.oid = b.type AND t.typtype <> 'd'
              JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
              LEFT JOIN pg_catalog.pg_collation c ON c.oid = b.collation
              JOIN pg_catalog.pg_type e ON e.oid = CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE t.oid END
              LEFT JOIN pg_catalog.pg_class r ON r.oid = e.typrelid
              JOIN pg_catalog.pg_attribute a ON a.attrelid = b.attrelid AND a.attnum = b.attnum
             ORDER BY a.attrelid, a.attnum
            """;

    /**
     * One index for each table: the one that names old rows, or with whole old rows the smallest that tells rows apart.
     */
    private static final String KEYS = """
            SELECT DISTINCT ON (i.indrelid)
                   i.indrelid::bigint AS oid,
                   ARRAY(SELECT a.attname::text
                           FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
                           JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                          WHERE k.place <= i.indnkeyatts
                          ORDER BY k.place) AS columns
              FROM pg_catalog.pg_index i
              JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
             WHERE i.indrelid = ANY (?::oid[])
               AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
               AND CASE c.relreplident
                     WHEN 'i' THEN i.indisreplident
                     WHEN 'f' THEN NOT EXISTS (SELECT
                                                 FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
                                                 JOIN pg_catalog.pg_attribute a
                                                   ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                                                WHERE k.place <= i.indnkeyatts AND NOT a.attnotnull)
                     ELSE i.indisprimary END
             ORDER BY i.indrelid, i.indisprimary DESC, i.indnkeyatts, i.indexrelid
            """;

    private final Connection connection;

    public SourceCatalog(Connection connection) {
        this.connection = connection;
    }

    /**
     * The tables of these schemas, or of all that are not the server's own when none is named.
     *
     * @throws StreamProblem when the source cannot be asked
     */
    List<CatalogTable> tables(List<String> schemas) {
        try {
            Map<Long, CatalogTable> tables = read(schemas);
            return withProblems(List.copyOf(tables.values()));
        } catch (SQLException e) {
            throw StreamProblem.of("reading the catalog of the source", e);
        }
    }

    private Map<Long, CatalogTable> read(List<String> schemas) throws SQLException {
        Map<Long, CatalogTable> tables = new LinkedHashMap<>();
        Array wanted = connection.createArrayOf("text", schemas.toArray());
        try (PreparedStatement statement = connection.prepareStatement(TABLES)) {
            statement.setArray(1, wanted);
            statement.setArray(2, wanted);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    tables.put(
                            rows.getLong("oid"),
                            new CatalogTable(
                                    new QualifiedName(rows.getString("nspname"), rows.getString("relname")),
                                    identity(rows.getString("identity")),
                                    List.of(),
                                    List.of(),
                                    null));
                }
            }
        }
        Map<Long, List<CatalogTable.Column>> columns = columns(tables);
        Map<Long, List<String>> keys = keys(tables);
        tables.replaceAll((oid, table) -> new CatalogTable(
                table.name(),
                table.identity(),
                columns.getOrDefault(oid, List.of()),
                keys.getOrDefault(oid, List.of()),
                null));
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

    private Map<Long, List<String>> keys(Map<Long, CatalogTable> tables) throws SQLException {
        Map<Long, List<String>> keys = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(KEYS)) {
            statement.setArray(1, oids(tables));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    keys.put(rows.getLong("oid"), Arrays.asList((String[])
                            rows.getArray("columns").getArray()));
                }
            }
        }
        return keys;
    }

    private Array oids(Map<Long, CatalogTable> tables) throws SQLException {
        return connection.createArrayOf("int8", tables.keySet().toArray());
    }

    /** What a reader of the slot would complain about, partition by partition. */
    private List<CatalogTable> withProblems(List<CatalogTable> tables) {
        Map<TableName, String> problems = new LinkedHashMap<>();
        List<TableName> names = tables.stream()
                .map(table -> new TableName(table.name().schema(), table.name().name()))
                .toList();
        for (ReplicaIdentity identity : new SourceInspection(connection).identities(names)) {
            if (identity.problem() != null) {
                problems.putIfAbsent(
                        identity.table(), "%s %s; %s".formatted(identity.leaf(), identity.problem(), identity.fix()));
            }
        }
        return tables.stream()
                .map(table -> table.with(problem(
                        table,
                        problems.get(new TableName(
                                table.name().schema(), table.name().name())))))
                .toList();
    }

    private static @Nullable String problem(CatalogTable table, @Nullable String ofIdentity) {
        if (ofIdentity != null) {
            return ofIdentity;
        }
        return table.key().isEmpty()
                ? "has no unique index over columns that are NOT NULL, so its rows cannot be told apart; add a primary key"
                : null;
    }
}
