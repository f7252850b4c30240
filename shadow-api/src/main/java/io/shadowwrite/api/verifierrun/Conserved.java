package io.shadowwrite.api.verifierrun;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.VerifierRun;
import java.util.Optional;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Whether below a tick's pin every change has exactly one disposition: the part of SC1 that is counted here and not by the
 * verifier. A tick whose pin the count has not reached proves nothing yet, and one behind which a change is unaccounted for is
 * dirty whatever the rows say. In the caller's transaction; thread-safe.
 */
final class Conserved {

    private static final int MOST_NAMED = 100;

    private static final String BELOW = """
            select (select count(*) from shadow.unconserved where commit_lsn < ?::pg_lsn) as unconserved,
                   exists (select from shadow.conservation where below_lsn >= ?::pg_lsn) as counted
            """;

    private static final String NAME = """
            insert into shadow.finding (run_id, ordinal, finding_class, source_table, model, target_key, columns)
            select ?::uuid,
                   ? + row_number() over (order by commit_lsn),
                   'RECEIPT_MISMATCH', '', '', 'transaction ' || commit_lsn, '{conservation}'
              from shadow.unconserved
             where commit_lsn < ?::pg_lsn
             order by commit_lsn
             limit ?
            """;

    private final ShadowDatabase database;

    /** What stands against a verdict, with the beginning of its reason. */
    record Objection(Verdict verdict, String reason) {}

    private record Counted(long unconserved, boolean toThePin) {}

    Conserved(ShadowDatabase database) {
        this.database = database;
    }

    /** Empty for a run that claims nothing: one that is no tick, or is not clean anyway. */
    Optional<Objection> objection(VerifierRun run) {
        LogSequenceNumber pin = run.pinLsn();
        if (run.verdict() != Verdict.CLEAN || run.tickHour() == null || pin == null) {
            return Optional.empty();
        }
        Counted counted = database.jdbc()
                .sql(BELOW)
                .params(pin.asString(), pin.asString())
                .query((row, _) -> new Counted(row.getLong("unconserved"), row.getBoolean("counted")))
                .single();
        if (counted.unconserved() > 0) {
            return Optional.of(new Objection(
                    Verdict.DIRTY,
                    "of %d source transaction(s) not every change has exactly one disposition; "
                            .formatted(counted.unconserved())));
        }
        return counted.toThePin()
                ? Optional.empty()
                : Optional.of(new Objection(
                        Verdict.INCONCLUSIVE, "what became of the changes is not counted up to the pin; "));
    }

    /** Adds the transactions to the findings of a stored run, as far as they can be looked at one by one. */
    void name(VerifierRun run) {
        LogSequenceNumber pin = run.pinLsn();
        if (pin != null) {
            database.jdbc()
                    .sql(NAME)
                    .param(run.runId())
                    .param(run.findings().size())
                    .param(pin.asString())
                    .param(MOST_NAMED)
                    .update();
        }
    }
}
