package io.shadowwrite.contract.fit;

import io.shadowwrite.contract.QualifiedName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the target's catalog says of a table. For the thread that owns the connection. */
final class TableCatalog {

    private static final String COLUMNS = """
            select a.attname,
                   format_type(a.atttypid, a.atttypmod) as type,
                   a.attnotnull and not a.atthasdef and a.attidentity = '' as must_be_set,
                   a.attgenerated <> '' as generated,
                   a.attidentity = 'a' as identity_always,
                   not a.attnotnull as nullable
              from pg_attribute a
             where a.attrelid = (select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
                                where n.nspname = ? and c.relname = ?)
               and a.attnum > 0
               and not a.attisdropped
             order by a.attnum
            """;

    private static final String INDEXES = """
            select array(select a.attname::text
                           from unnest(i.indkey) with ordinality as k(attnum, ord)
                           join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
                          where k.ord <= i.indnkeyatts
                          order by k.ord) as columns,
                   i.indisunique and i.indimmediate as enforces,
                   pg_get_expr(i.indpred, i.indrelid) as predicate
              from pg_index i
             where i.indrelid = (select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
                                where n.nspname = ? and c.relname = ?)
               and i.indisvalid
               and i.indexprs is null
            """;

    private static final String DENIED = """
            select quote_ident(current_user) as role,
                   has_schema_privilege(n.oid, 'USAGE') as may_enter,
                   array(select p from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p
                          where not has_table_privilege(c.oid, p)) as denied
              from pg_class c
              join pg_namespace n on n.oid = c.relnamespace
             where n.nspname = ? and c.relname = ?
            """;

    private static final String UNFIT_KEYS = """
            with recursive base as (
                select a.attname, a.atttypid as type, a.atttypmod as typmod, a.attcollation as collation
                  from pg_attribute a
                 where a.attrelid = (select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
                                where n.nspname = ? and c.relname = ?)
                   and a.attname = any (?)
                   and not a.attisdropped
                 union all
                select b.attname, t.typbasetype, t.typtypmod, b.collation
                  from base b
                  join pg_type t on t.oid = b.type
                 where t.typtype = 'd'
            )
            select b.attname, format_type(b.type, -1) as type, coalesce(not c.collisdeterministic, false) as by_collation
              from base b
              join pg_type t on t.oid = b.type
              join pg_namespace n on n.oid = t.typnamespace
              left join pg_collation c on c.oid = b.collation
             where t.typtype <> 'd'
               and (not c.collisdeterministic
                    or (n.nspname <> 'pg_catalog' and t.typtype <> 'e')
                    or t.oid in ('real'::regtype, 'double precision'::regtype, 'interval'::regtype, 'json'::regtype,
                                 'jsonb'::regtype, 'numrange'::regtype, 'nummultirange'::regtype)
                    or (t.oid = 'numeric'::regtype and b.typmod = -1))
            """;

    private final Connection connection;

    /**
     * A column in which values may be equal that are spelled differently.
     *
     * @param type with domains resolved
     * @param byCollation because its collation is not deterministic
     */
    record UnfitKey(String column, String type, boolean byCollation) {}

    /**
     * What our role may do with a table.
     *
     * @param role as SQL
     * @param mayEnter whether it may use the schema
     * @param denied privileges it lacks of those that every write needs
     */
    record Rights(String role, boolean mayEnter, List<String> denied) {}

    /**
     * A column.
     *
     * @param type as {@code format_type} spells it
     * @param mustBeSet it has neither a default nor may it be null
     * @param identityAlways an ordinary INSERT may not write it
     */
    record Column(String type, boolean mustBeSet, boolean generated, boolean identityAlways, boolean nullable) {}

    /**
     * An index on plain columns.
     *
     * @param enforces unique, and at once
     * @param predicate null when it covers all rows
     */
    record Index(
            List<String> columns,
            boolean enforces,
            @Nullable String predicate) {

        boolean isOn(List<String> key) {
            return columns.size() == key.size() && Set.copyOf(columns).equals(Set.copyOf(key));
        }

        boolean beginsWith(List<String> key) {
            return columns.size() >= key.size()
                    && Set.copyOf(columns.subList(0, key.size())).equals(Set.copyOf(key));
        }
    }

    TableCatalog(Connection connection) {
        this.connection = connection;
    }

    /** By name; empty when there is no such table. */
    Map<String, Column> columns(QualifiedName table) throws SQLException {
        Map<String, Column> columns = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            name(statement, table);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    columns.put(
                            row.getString("attname"),
                            new Column(
                                    row.getString("type"),
                                    row.getBoolean("must_be_set"),
                                    row.getBoolean("generated"),
                                    row.getBoolean("identity_always"),
                                    row.getBoolean("nullable")));
                }
            }
        }
        return columns;
    }

    /** Of a table that is there. */
    Rights rights(QualifiedName table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DENIED)) {
            name(statement, table);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Rights(row.getString("role"), row.getBoolean("may_enter"), List.of((String[])
                        row.getArray("denied").getArray()));
            }
        }
    }

    /** Those of the key's columns that cannot be looked up by their text. */
    List<UnfitKey> unfitKeys(QualifiedName table, List<String> key) throws SQLException {
        List<UnfitKey> unfit = new ArrayList<>();
        Array names = connection.createArrayOf("text", key.toArray());
        try (PreparedStatement statement = connection.prepareStatement(UNFIT_KEYS)) {
            name(statement, table);
            statement.setArray(3, names);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    unfit.add(new UnfitKey(
                            row.getString("attname"), row.getString("type"), row.getBoolean("by_collation")));
                }
            }
        }
        return unfit;
    }

    List<Index> indexes(QualifiedName table) throws SQLException {
        List<Index> indexes = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(INDEXES)) {
            name(statement, table);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    indexes.add(new Index(
                            List.of((String[]) row.getArray("columns").getArray()),
                            row.getBoolean("enforces"),
                            row.getString("predicate")));
                }
            }
        }
        return indexes;
    }

    /** Its parts and not its text, which the server would only resolve for who may use the schema. */
    private static void name(PreparedStatement statement, QualifiedName table) throws SQLException {
        statement.setString(1, table.schema());
        statement.setString(2, table.name());
    }
}
