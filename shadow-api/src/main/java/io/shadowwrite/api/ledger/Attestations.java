package io.shadowwrite.api.ledger;

import io.shadowwrite.api.database.Codes;
import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.database.SqlArrays;
import io.shadowwrite.protocol.Attestation;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Writes {@code shadow.attestation}; in the caller's transaction. Thread-safe. */
public final class Attestations {

    /** Answers how many of them contradict what is stored. What another transaction stores meanwhile is not looked at. */
    private static final String INSERT = """
            with sent as (
              select a.from_lsn, a.to_lsn, a.side::smallint, a.source_table::smallint, a.operation::smallint, a.events,
                     a.sum0, a.sum1
                from unnest(?::pg_lsn[], ?::pg_lsn[], ?::int[], ?::int[], ?::int[], ?::bigint[], ?::numeric[],
                            ?::numeric[])
                     as a(from_lsn, to_lsn, side, source_table, operation, events, sum0, sum1)),
            stored as (
              insert into shadow.attestation (from_lsn, to_lsn, side, source_table, operation, events, sum0, sum1, run_id)
              select from_lsn, to_lsn, side, source_table, operation, events, sum0, sum1, ?::uuid
                from sent
              on conflict do nothing)
            select count(*), min(s.from_lsn)::text
              from sent s
              join shadow.attestation a using (from_lsn, to_lsn, side, source_table, operation)
             where (a.events, a.sum0, a.sum1) is distinct from (s.events, s.sum0, s.sum1)
            """;

    private final ShadowDatabase database;
    private final Dictionary dictionary;

    public Attestations(ShadowDatabase database, Dictionary dictionary) {
        this.database = database;
        this.dictionary = dictionary;
    }

    /**
     * Tables must be registered. A window that is attested already keeps its first attestation; runs are stored one at a time,
     * so it is seen here.
     *
     * @throws ShadowProblem BROKEN_INVARIANT when one says otherwise: receipts of a closed window do not change
     */
    public void store(UUID runId, List<Attestation> attested) {
        if (attested.isEmpty()) {
            return;
        }
        List<LogSequenceNumber> from = new ArrayList<>();
        List<LogSequenceNumber> to = new ArrayList<>();
        List<Integer> sides = new ArrayList<>();
        List<Integer> tables = new ArrayList<>();
        List<Integer> operations = new ArrayList<>();
        List<Long> events = new ArrayList<>();
        List<String> sums0 = new ArrayList<>();
        List<String> sums1 = new ArrayList<>();
        for (Attestation one : attested) {
            from.add(one.fromLsn());
            to.add(one.toLsn());
            sides.add(Codes.of(one.side()));
            tables.add(dictionary.table(one.sourceTable()));
            operations.add(Codes.of(one.operation()));
            events.add(one.count());
            sums0.add(one.sum0());
            sums1.add(one.sum1());
        }
        database.jdbc()
                .sql(INSERT)
                .param(SqlArrays.lsn(from))
                .param(SqlArrays.lsn(to))
                .param(SqlArrays.integer(sides))
                .param(SqlArrays.integer(tables))
                .param(SqlArrays.integer(operations))
                .param(SqlArrays.bigint(events))
                .param(SqlArrays.text(sums0))
                .param(SqlArrays.text(sums1))
                .param(runId)
                .query((row, _) -> contradiction(row.getLong(1), row.getString(2)))
                .single()
                .ifPresent(problem -> {
                    throw problem;
                });
    }

    private static Optional<ShadowProblem> contradiction(long count, @Nullable String first) {
        return count == 0
                ? Optional.empty()
                : Optional.of(new ShadowProblem(
                        ProblemType.BROKEN_INVARIANT,
                        "%d attestation(s) contradict what an earlier run attested of the same windows, the first from %s on: receipts of a closed window have changed"
                                .formatted(count, first)));
    }
}
