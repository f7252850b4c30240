package io.shadowwrite.api.target;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.database.SqlArrays;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.TargetModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Whether the tables of a load hold anything, and how they are emptied. Thread-safe. */
public final class TargetContents {

    private static final String KEY_MAP = "shadow.pk_map";

    /** A table of the contract may be as large as it likes. */
    private static final Duration LONGEST_DELETION = Duration.ofMinutes(30);

    /** By the server's rule, which wants the privilege on each table, and no other table that refers to one of them. */
    private static final String MAY_TRUNCATE = """
            select bool_and(has_table_privilege(t.oid, 'TRUNCATE'))
                   and not exists (select
                                     from pg_constraint c
                                    where c.contype = 'f'
                                      and c.confrelid = any (array_agg(t.oid))
                                      and c.conrelid <> all (array_agg(t.oid)))
              from (select to_regclass(n)::oid as oid from unnest(?::text[]) as n) t
            """;

    private final ShadowDatabase database;
    private final List<QualifiedName> parentsFirst;

    public TargetContents(Contract contract, ShadowDatabase database) {
        this.database = database;
        this.parentsFirst = contract.models().values().stream()
                .map(TargetModel::table)
                .distinct()
                .toList();
    }

    /** The tables that hold rows; in the caller's transaction, if there is one. */
    public List<String> filled() {
        List<String> filled = new ArrayList<>();
        for (QualifiedName table : parentsFirst) {
            if (holdsRows(table.quoted())) {
                filled.add(table.toString());
            }
        }
        if (holdsRows(KEY_MAP)) {
            filled.add(KEY_MAP);
        }
        return filled;
    }

    private boolean holdsRows(String table) {
        return database.jdbc()
                .sql("select exists (select from %s)".formatted(table))
                .query(Boolean.class)
                .single();
    }

    /** Empties the tables of the models; in the caller's transaction. */
    public void empty() {
        database.allowStatements(LONGEST_DELETION);
        List<String> names = parentsFirst.stream().map(QualifiedName::quoted).toList();
        if (mayTruncate(names)) {
            database.jdbc().sql("truncate " + String.join(", ", names)).update();
            return;
        }
        for (QualifiedName table : parentsFirst.reversed()) {
            database.jdbc().sql("delete from " + table.quoted()).update();
        }
    }

    private boolean mayTruncate(List<String> names) {
        return database.jdbc()
                .sql(MAY_TRUNCATE)
                .param(SqlArrays.text(names))
                .query(Boolean.class)
                .single();
    }
}
