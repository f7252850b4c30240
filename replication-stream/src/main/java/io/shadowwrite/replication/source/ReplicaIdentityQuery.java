package io.shadowwrite.replication.source;

import io.shadowwrite.replication.TableName;
import io.shadowwrite.replication.source.ReplicaIdentity.Kind;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the replica identity of tables and of every partition below them from the catalog, and judges it. */
final class ReplicaIdentityQuery {

    /**
     * One row for each table that holds rows. The server takes only valid, unique, immediate indexes without a predicate
     * for an identity, and says nothing when there is none: it then sends no update and no delete. The trees are read from
     * their edges, because the functions that know them lock every partition, and wait where somebody else does.
     */
    private static final String IDENTITIES = """
            WITH RECURSIVE wanted AS (
              SELECT n.nspname, c.relname, c.oid, c.relkind
                FROM unnest(?::text[], ?::text[]) AS w (schema_name, table_name)
                JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema_name
                JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.table_name
               WHERE c.relkind IN ('r', 'p')
            ), tree AS (
              SELECT nspname, relname, oid, relkind FROM wanted
               UNION ALL
              SELECT t.nspname, t.relname, c.oid, c.relkind
                FROM tree t
                JOIN pg_catalog.pg_inherits p ON p.inhparent = t.oid AND NOT p.inhdetachpending
                JOIN pg_catalog.pg_class c ON c.oid = p.inhrelid
               WHERE t.relkind = 'p'
            ), holding AS (
              SELECT nspname, relname, oid FROM tree WHERE relkind <> 'p'
            )
            SELECT h.nspname AS root_schema,
                   h.relname AS root_name,
                   n.nspname AS leaf_schema,
                   c.relname AS leaf_name,
                   c.oid AS leaf_oid,
                   c.relkind::text AS kind,
                   c.relpersistence::text AS persistence,
                   c.relreplident::text AS identity,
                   i.indexrelid IS NOT NULL AS has_index,
                   coalesce(i.indimmediate, false) AS immediate,
                   coalesce(i.indisvalid AND i.indisunique AND i.indpred IS NULL, false) AS fit,
                   ARRAY(SELECT a.attname::text
                           FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
                           JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
                          WHERE k.place <= i.indnkeyatts
                          ORDER BY k.place) AS key_columns
              FROM holding h
              JOIN pg_catalog.pg_class c ON c.oid = h.oid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              LEFT JOIN pg_catalog.pg_index i
                ON i.indrelid = c.oid
               AND CASE c.relreplident WHEN 'i' THEN i.indisreplident ELSE i.indisprimary END
             ORDER BY h.nspname, h.relname, n.nspname, c.relname
            """;

    private ReplicaIdentityQuery() {}

    static List<ReplicaIdentity> run(Connection connection, Collection<TableName> tables) throws SQLException {
        Array schemas = names(connection, tables.stream().map(TableName::schema).toArray(String[]::new));
        Array names = names(connection, tables.stream().map(TableName::name).toArray(String[]::new));
        try (PreparedStatement statement = connection.prepareStatement(IDENTITIES)) {
            statement.setArray(1, schemas);
            statement.setArray(2, names);
            List<ReplicaIdentity> identities = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    identities.add(identity(rows));
                }
            }
            return identities;
        }
    }

    private static Array names(Connection connection, String[] names) throws SQLException {
        return connection.createArrayOf("text", names);
    }

    private static ReplicaIdentity identity(ResultSet row) throws SQLException {
        TableName leaf = new TableName(row.getString("leaf_schema"), row.getString("leaf_name"));
        Kind kind = kind(row.getString("identity"));
        String[] keyColumns = (String[]) row.getArray("key_columns").getArray();
        boolean immediate = row.getBoolean("immediate");
        boolean fit = row.getBoolean("fit");
        String notInWal = notInWal(row.getString("kind"), row.getString("persistence"));
        String noKey = noKey(kind, row.getBoolean("has_index"), immediate, fit);
        return new ReplicaIdentity(
                new TableName(row.getString("root_schema"), row.getString("root_name")),
                leaf,
                row.getLong("leaf_oid"),
                kind,
                List.of(keyColumns),
                notInWal == null ? noKey : notInWal,
                notInWal == null ? fix(leaf, kind, noKey) : fixOfMissingWal(leaf, row.getString("kind")));
    }

    private static Kind kind(String letter) {
        return switch (letter) {
            case "d" -> Kind.DEFAULT;
            case "f" -> Kind.FULL;
            case "i" -> Kind.INDEX;
            case "n" -> Kind.NOTHING;
            default -> throw new IllegalStateException("unknown replica identity " + letter);
        };
    }

    private static @Nullable String notInWal(String kind, String persistence) {
        if (!kind.equals("r")) {
            return "is a foreign table, which writes no WAL here";
        }
        return persistence.equals("p") ? null : "is unlogged or temporary, which writes no WAL";
    }

    private static @Nullable String noKey(Kind kind, boolean hasIndex, boolean immediate, boolean fit) {
        return switch (kind) {
            case FULL -> null;
            case NOTHING -> "has REPLICA IDENTITY NOTHING";
            case DEFAULT -> {
                if (!hasIndex) {
                    yield "has no primary key";
                }
                yield immediate && fit ? null : "has a deferrable or invalid primary key";
            }
            case INDEX -> {
                if (!hasIndex) {
                    yield "has REPLICA IDENTITY USING an index that was dropped";
                }
                yield immediate && fit ? null : "has REPLICA IDENTITY USING an index that is not usable";
            }
        };
    }

    private static @Nullable String fix(TableName leaf, Kind kind, @Nullable String problem) {
        if (problem == null) {
            return null;
        }
        String alter = "ALTER TABLE " + quoted(leaf);
        return kind == Kind.DEFAULT && problem.equals("has no primary key")
                ? alter + " ADD PRIMARY KEY (<columns>); or " + alter + " REPLICA IDENTITY FULL;"
                : alter + " REPLICA IDENTITY FULL;";
    }

    private static String fixOfMissingWal(TableName leaf, String kind) {
        return kind.equals("r")
                ? "ALTER TABLE " + quoted(leaf) + " SET LOGGED;"
                : "Take " + leaf + " out of the contract";
    }

    private static String quoted(TableName table) {
        return quoted(table.schema()) + "." + quoted(table.name());
    }

    private static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
