package io.shadowwrite.api.target;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.database.SqlArrays;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

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
    private final Contract contract;
    private final List<QualifiedName> tables;

    public TargetContents(Contract contract, ShadowDatabase database) {
        this.database = database;
        this.contract = contract;
        this.tables = contract.models().values().stream()
                .map(TargetModel::table)
                .distinct()
                .toList();
    }

    /** The tables that hold rows; in the caller's transaction, if there is one. */
    public List<String> filled() {
        List<String> filled = new ArrayList<>();
        for (QualifiedName table : tables) {
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

    /**
     * Empties the tables of the models unless they hold more than was loaded; in the caller's transaction, until whose end
     * nobody else writes to them.
     *
     * @param childrenFirst models so that none refers to a later one
     * @param loaded how many rows there may be
     * @throws ShadowProblem TARGET_NOT_EMPTY when there are more
     */
    public void empty(List<String> childrenFirst, long loaded) {
        database.allowStatements(LONGEST_DELETION);
        String names = tables.stream().map(QualifiedName::quoted).collect(Collectors.joining(", "));
        database.jdbc()
                .sql("lock table %s in share row exclusive mode".formatted(names))
                .update();
        requireNoMore(loaded);
        if (mayTruncate()) {
            database.jdbc().sql("truncate " + names).update();
            return;
        }
        for (String model : childrenFirst) {
            String table =
                    Objects.requireNonNull(contract.models().get(model)).table().quoted();
            database.jdbc().sql("delete from " + table).update();
        }
    }

    /** What others wrote is not ours to take away. */
    private void requireNoMore(long loaded) {
        long rows = 0;
        for (QualifiedName table : tables) {
            rows += database.jdbc()
                    .sql("select count(*) from " + table.quoted())
                    .query(Long.class)
                    .single();
        }
        if (rows > loaded) {
            throw new ShadowProblem(
                    ProblemType.TARGET_NOT_EMPTY,
                    "the target's tables hold %d row(s), and %d were loaded, so somebody else writes there; stop that, take those rows away, and repeat ./shadow backfill cleanup"
                            .formatted(rows, loaded));
        }
    }

    private boolean mayTruncate() {
        return database.jdbc()
                .sql(MAY_TRUNCATE)
                .param(SqlArrays.text(tables.stream().map(QualifiedName::quoted).toList()))
                .query(Boolean.class)
                .single();
    }
}
