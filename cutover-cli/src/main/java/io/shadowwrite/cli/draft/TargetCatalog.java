package io.shadowwrite.cli.draft;

import io.shadowwrite.cli.draft.TargetTable.Column;
import io.shadowwrite.cli.draft.TargetTable.Index;
import io.shadowwrite.contract.QualifiedName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a target consists of, read from its catalog over one connection with an empty search path. For the thread that owns
 * the connection, which stays open.
 */
final class TargetCatalog {

    /** Partitions belong to their root; the suite's own schemas and the tables of extensions are nobody's models. */
    private static final String TABLES = """
            SELECT c.oid::bigint AS oid, n.nspname, c.relname
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p')
               AND NOT c.relispartition
               AND c.relpersistence <> 't'
               AND n.nspname NOT IN ('information_schema', 'shadow', 'provenance') AND n.nspname NOT LIKE 'pg\\_%'
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                                WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
             ORDER BY n.nspname, c.relname
            """;

    private static final String COLUMNS = """
            SELECT a.attname,
                   format_type(a.atttypid, a.atttypmod) AS type,
                   a.attnotnull OR t.typnotnull AS not_null,
                   a.attgenerated = '' AND (a.atthasdef OR a.attidentity <> '' OR t.typdefault IS NOT NULL) AS has_default,
                   a.attgenerated <> '' AS generated,
                   a.attidentity = 'a' AS identity_always
              FROM pg_catalog.pg_attribute a
              JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
             WHERE a.attrelid = ?::oid AND a.attnum > 0 AND NOT a.attisdropped
             ORDER BY a.attnum
            """;

    private static final String INDEXES = """
            SELECT c.relname,
                   i.indisprimary,
                   i.indisunique AND i.indimmediate AS enforces,
                   pg_get_expr(i.indpred, i.indrelid) AS predicate,
                   ARRAY(SELECT a.attname::text
                           FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
                           JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                          WHERE k.place <= i.indnkeyatts
                          ORDER BY k.place) AS columns
              FROM pg_catalog.pg_index i
              JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
             WHERE i.indrelid = ?::oid AND i.indisvalid AND i.indexprs IS NULL
             ORDER BY i.indisprimary DESC, c.relname
            """;

    private final Connection connection;

    private record Indexes(List<String> primaryKey, List<Index> all) {}

    TargetCatalog(Connection connection) {
        this.connection = connection;
    }

    /**
     * All tables, in the order of their names.
     *
     * @throws TargetProblem when the target cannot be asked
     */
    List<TargetTable> tables() {
        try {
            Map<QualifiedName, List<ForeignKey>> foreignKeys = new ForeignKeys(connection).all();
            List<TargetTable> tables = new ArrayList<>();
            for (Map.Entry<Long, QualifiedName> named : names().entrySet()) {
                tables.add(table(named.getKey(), named.getValue(), foreignKeys));
            }
            return List.copyOf(tables);
        } catch (SQLException e) {
            throw TargetProblem.of("reading the catalog of the target", e);
        }
    }

    private Map<Long, QualifiedName> names() throws SQLException {
        Map<Long, QualifiedName> names = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(TABLES);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                names.put(rows.getLong("oid"), new QualifiedName(rows.getString("nspname"), rows.getString("relname")));
            }
        }
        return names;
    }

    private TargetTable table(long oid, QualifiedName name, Map<QualifiedName, List<ForeignKey>> foreignKeys)
            throws SQLException {
        List<Column> columns = columns(oid);
        Indexes indexes = indexes(oid);
        return new TargetTable(
                name,
                columns,
                indexes.primaryKey(),
                indexes.all(),
                foreignKeys.getOrDefault(name, List.of()),
                Validities.of(columns, indexes.primaryKey(), indexes.all()));
    }

    private List<Column> columns(long oid) throws SQLException {
        List<Column> columns = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setLong(1, oid);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.add(new Column(
                            rows.getString("attname"),
                            rows.getString("type"),
                            rows.getBoolean("not_null"),
                            rows.getBoolean("has_default"),
                            rows.getBoolean("generated"),
                            rows.getBoolean("identity_always")));
                }
            }
        }
        return columns;
    }

    private Indexes indexes(long oid) throws SQLException {
        List<String> primaryKey = List.of();
        List<Index> all = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(INDEXES)) {
            statement.setLong(1, oid);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    List<String> columns =
                            List.of((String[]) rows.getArray("columns").getArray());
                    if (rows.getBoolean("indisprimary")) {
                        primaryKey = columns;
                    }
                    all.add(new Index(
                            rows.getString("relname"),
                            columns,
                            rows.getBoolean("enforces"),
                            rows.getString("predicate")));
                }
            }
        }
        return new Indexes(primaryKey, all);
    }
}
