package io.shadowwrite.api.write;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.problem.SqlProblem;
import io.shadowwrite.contract.QualifiedName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The tables that a deferred constraint is about, as far as its refusal tells.
 *
 * @param table whose rows must satisfy it; the root of a partitioned one
 * @param referenced the table it refers to; null when it is no foreign key
 */
record DeferredRefusal(QualifiedName table, @Nullable QualifiedName referenced) {

    private static final String TABLES = """
            select tn.nspname as table_schema, t.relname as table_name,
                   rn.nspname as referenced_schema, r.relname as referenced_name
              from pg_constraint k
              join pg_class named on named.oid = k.conrelid
              join pg_namespace nn on nn.oid = named.relnamespace
              join pg_class t on t.oid = coalesce(pg_partition_root(k.conrelid), k.conrelid)
              join pg_namespace tn on tn.oid = t.relnamespace
              left join pg_class r on r.oid = coalesce(pg_partition_root(nullif(k.confrelid, 0)), k.confrelid)
              left join pg_namespace rn on rn.oid = r.relnamespace
             where k.conname = ?
               and nn.nspname = ?
               and named.relname = ?
            """;

    /** Null when the refusal names no table, as that of a trigger. In the caller's transaction. */
    static @Nullable DeferredRefusal of(SqlProblem refusal, ShadowDatabase database) {
        QualifiedName named = refusal.table();
        if (named == null) {
            return null;
        }
        return database.jdbc()
                .sql(TABLES)
                .param(Objects.requireNonNullElse(refusal.constraint(), ""))
                .param(named.schema())
                .param(named.name())
                .query((row, _) -> read(row))
                .optional()
                .orElseGet(() -> new DeferredRefusal(named, null));
    }

    private static DeferredRefusal read(ResultSet row) throws SQLException {
        String schema = row.getString("referenced_schema");
        return new DeferredRefusal(
                new QualifiedName(row.getString("table_schema"), row.getString("table_name")),
                schema == null ? null : new QualifiedName(schema, row.getString("referenced_name")));
    }

    /**
     * The change to blame. A row that refers to another can be wrong by being written, the other one by being removed; which of
     * them it was the server does not tell, so it is the last.
     */
    int blamed(LastWrites writes, TargetTables tables) {
        if (referenced == null) {
            return writes.blamed(model -> isIn(tables, model, table), model -> isIn(tables, model, table));
        }
        return writes.blamed(model -> isIn(tables, model, table), model -> isIn(tables, model, referenced));
    }

    private static boolean isIn(TargetTables tables, String model, QualifiedName table) {
        return tables.of(model).columns().model().table().equals(table);
    }
}
