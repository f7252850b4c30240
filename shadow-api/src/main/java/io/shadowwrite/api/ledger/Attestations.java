package io.shadowwrite.api.ledger;

import io.shadowwrite.api.database.Codes;
import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.database.SqlArrays;
import io.shadowwrite.protocol.Attestation;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.postgresql.replication.LogSequenceNumber;

/** Writes {@code shadow.attestation}; in the caller's transaction. Thread-safe. */
public final class Attestations {

    private static final String INSERT = """
            insert into shadow.attestation (from_lsn, to_lsn, side, source_table, operation, events, sum0, sum1, run_id)
            select a.from_lsn, a.to_lsn, a.side::smallint, a.source_table::smallint, a.operation::smallint, a.events,
                   a.sum0, a.sum1, ?::uuid
              from unnest(?::pg_lsn[], ?::pg_lsn[], ?::int[], ?::int[], ?::int[], ?::bigint[], ?::numeric[],
                          ?::numeric[])
                   as a(from_lsn, to_lsn, side, source_table, operation, events, sum0, sum1)
            on conflict do nothing
            """;

    private final ShadowDatabase database;
    private final Dictionary dictionary;

    public Attestations(ShadowDatabase database, Dictionary dictionary) {
        this.database = database;
        this.dictionary = dictionary;
    }

    /** Tables must be registered. A window that is attested already keeps its first attestation. */
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
                .param(runId)
                .param(SqlArrays.lsn(from))
                .param(SqlArrays.lsn(to))
                .param(SqlArrays.integer(sides))
                .param(SqlArrays.integer(tables))
                .param(SqlArrays.integer(operations))
                .param(SqlArrays.bigint(events))
                .param(SqlArrays.text(sums0))
                .param(SqlArrays.text(sums1))
                .update();
    }
}
