package io.shadowwrite.api.target;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.database.SqlArrays;
import io.shadowwrite.contract.QualifiedName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the target's catalog says of a table. */
final class Catalog {

    private static final String COLUMNS = """
            select a.attname,
                   format_type(a.atttypid, a.atttypmod) as type,
                   a.attnotnull and not a.atthasdef and a.attidentity = '' as must_be_set,
                   a.attgenerated <> '' as generated,
                   not a.attnotnull as nullable
              from pg_attribute a
             where a.attrelid = to_regclass(?)
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
             where i.indrelid = to_regclass(?)
               and i.indisvalid
               and i.indexprs is null
            """;

    private static final String UNFIT_KEYS = """
            with recursive base as (
                select a.attname, a.atttypid as type, a.atttypmod as typmod, a.attcollation as collation
                  from pg_attribute a
                 where a.attrelid = to_regclass(?)
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

    private final ShadowDatabase database;

    /**
     * A column in which values may be equal that are spelled differently.
     *
     * @param type with domains resolved
     * @param byCollation because its collation is not deterministic
     */
    record UnfitKey(String column, String type, boolean byCollation) {}

    /**
     * A column.
     *
     * @param type as {@code format_type} spells it
     * @param mustBeSet it has neither a default nor may it be null
     */
    record Column(String type, boolean mustBeSet, boolean generated, boolean nullable) {}

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

    Catalog(ShadowDatabase database) {
        this.database = database;
    }

    /** By name; empty when there is no such table. */
    Map<String, Column> columns(QualifiedName table) {
        Map<String, Column> columns = new LinkedHashMap<>();
        database.jdbc().sql(COLUMNS).param(table.quoted()).query(row -> {
            columns.put(
                    row.getString("attname"),
                    new Column(
                            row.getString("type"),
                            row.getBoolean("must_be_set"),
                            row.getBoolean("generated"),
                            row.getBoolean("nullable")));
        });
        return columns;
    }

    /** Those of the key's columns that cannot be looked up by their text. */
    List<UnfitKey> unfitKeys(QualifiedName table, List<String> key) {
        return database.jdbc()
                .sql(UNFIT_KEYS)
                .param(table.quoted())
                .param(SqlArrays.text(key))
                .query((row, _) ->
                        new UnfitKey(row.getString("attname"), row.getString("type"), row.getBoolean("by_collation")))
                .list();
    }

    List<Index> indexes(QualifiedName table) {
        return database.jdbc()
                .sql(INDEXES)
                .param(table.quoted())
                .query((row, _) -> index(row))
                .list();
    }

    private static Index index(ResultSet row) throws SQLException {
        return new Index(
                Arrays.asList((String[]) row.getArray("columns").getArray()),
                row.getBoolean("enforces"),
                row.getString("predicate"));
    }
}
