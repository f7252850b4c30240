package io.shadowwrite.api.audit;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.verifierrun.Streak;
import io.shadowwrite.api.window.OpenWindow;
import io.shadowwrite.protocol.CutoverAudit;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.util.Objects;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A permit rests on what this API knows itself: the hours were clean for long enough, the gate holds at the final LSN, all
 * below is applied, and equal, nobody has written since the fence, and of every change it is known what became of it.
 */
final class Grounds {

    /**
     * The position does not tell the rows: replays and single writes move none. Nothing was found later, either. And under a
     * race window nothing was compared at the position at all.
     */
    private static final String CLEAN_CUTOVER_RUN = """
            select exists (select
                             from shadow.verifier_run r
                             join shadow.backfill_state w on w.writes_beside = r.writes_beside
                            where r.run_id = ?
                              and r.mode = 'cutover'
                              and r.pin_lsn = ?::pg_lsn
                              and r.pin_kind <> 'race-window'
                              and r.verdict = 'CLEAN'
                              and not exists (select
                                                from shadow.verifier_run later
                                               where later.mode = 'cutover'
                                                 and later.ordinal > r.ordinal))
               and not exists (select from shadow.dead_letter where state = 'OPEN')
            """;

    /** What is not below the position of the slot reader has not been looked for. */
    private static final String SINCE_FENCE = """
            select (select position from shadow.reader_position where side = 2) >= ?::pg_lsn as seen,
                   (select count(*)
                      from shadow.event_ledger
                     where side in (1, 2)
                       and commit_lsn >= ?::pg_lsn) as changes
            """;

    private static final String COUNTED = """
            select exists (select from shadow.unconserved) as unconserved,
                   exists (select from shadow.conservation where below_lsn >= ?::pg_lsn) as counted
            """;

    private final ShadowDatabase database;
    private final Streak streak;

    Grounds(ShadowDatabase database, Streak streak) {
        this.database = database;
        this.streak = streak;
    }

    /**
     * Lets only a permit pass that is well founded, in the caller's transaction, which has locked the window and the runs.
     *
     * @throws ShadowProblem that says what is missing
     */
    void check(CutoverAudit permit, OpenWindow window) {
        checkHours(window);
        checkDrained(permit, window);
        checkPaused(permit);
        checkEqual(permit, window);
        checkCounted(window.position());
    }

    private void checkHours(OpenWindow window) {
        int clean = streak.now();
        int required = window.window().requiredTicks();
        require(clean >= required, "%d of %d clean hours in a row; there is no permit".formatted(clean, required));
    }

    /** What ends a permit goes by the name of its hold: that of somebody else would end as nobody expects. */
    private static void checkDrained(CutoverAudit permit, OpenWindow window) {
        Hold hold = window.hold();
        require(
                hold != null
                        && Decisions.holds(hold, permit.auditId())
                        && window.position().equals(permit.finalLsn())
                        && window.position().equals(hold.haltAt()),
                "the gate of this attempt does not hold the consumer at the final LSN, or it is not drained up to there; there is no permit");
    }

    private void checkPaused(CutoverAudit permit) {
        LogSequenceNumber fence = Objects.requireNonNull(permit.fenceLsn());
        LogSequenceNumber last = Objects.requireNonNull(permit.finalLsn());
        database.jdbc()
                .sql(SINCE_FENCE)
                .params(last.asString(), fence.asString())
                .query(row -> {
                    require(
                            row.getBoolean("seen"),
                            "the slot reader has not passed the final LSN; there is no permit until then");
                    if (row.getLong("changes") > 0) {
                        throw new ShadowProblem(
                                ProblemType.WRITERS_NOT_PAUSED,
                                "%d receipt(s) of row changes that committed after the fence at %s; there is no permit"
                                        .formatted(row.getLong("changes"), fence.asString()));
                    }
                });
    }

    private void checkEqual(CutoverAudit permit, OpenWindow window) {
        boolean equal = database.jdbc()
                .sql(CLEAN_CUTOVER_RUN)
                .param(permit.verifierRunId())
                .param(window.position().asString())
                .query(Boolean.class)
                .single();
        require(
                equal,
                "verifier_run_id is not that of the latest run of mode cutover, clean at the final LSN, with no dead letter open and nothing written beside the stream since it began; there is no permit");
    }

    private void checkCounted(LogSequenceNumber finalLsn) {
        database.jdbc().sql(COUNTED).param(finalLsn.asString()).query(row -> {
            require(
                    !row.getBoolean("unconserved"),
                    "not every change has exactly one disposition; there is no permit. See docs/runbook.md#not-conserved");
            if (!row.getBoolean("counted")) {
                throw new ShadowProblem(
                        ProblemType.NOT_COUNTED,
                        "what became of the changes is not counted up to the final LSN yet; there is no permit until then");
            }
        });
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ShadowProblem(ProblemType.BROKEN_INVARIANT, otherwise);
        }
    }
}
