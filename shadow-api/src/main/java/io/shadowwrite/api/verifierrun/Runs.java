package io.shadowwrite.api.verifierrun;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.ledger.Attestations;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.protocol.Attestation;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.RunStart;
import io.shadowwrite.protocol.RunStored;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.VerifierRun;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.protocol.WireJson;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stores of comparisons that they begin and how they end. Thread-safe. */
public final class Runs {

    private static final String HOURLY = "hourly";
    private static final String LETTERS_OPEN = "dead letters are open; ";

    /** Told of a run until it ends, and for good when it never does. */
    private static final String BEGUN = "the run began and did not end";

    private static final String BEGIN = """
            insert into shadow.verifier_run (run_id, mode, tick_hour, tick_clock, pin_kind, started_at, verdict, reason,
                                             events_attested, coverage, findings_total, writes_beside)
            select ?, ?, ?, ?, 'none', ?, 'INCONCLUSIVE', ?, 0, '[]', 0, writes_beside
              from shadow.backfill_state
            on conflict (run_id) do nothing
            """;

    /**
     * An hour is judged once: a second verdict on it is kept, but counts for no hour. An inconclusive run judges nothing, so
     * it keeps its hour and leaves it to others. And no run is clean while a change is known to be missing, whatever the
     * verifier knew when it looked; but a change of the stream says nothing of a load, which ends before it. What ended is never written again, only what began.
     */
    private static final String STORE = """
            insert into shadow.verifier_run as stored (run_id, mode, tick_hour, tick_clock, pin_kind, pin_lsn, started_at,
                                                       finished_at, verdict, reason, events_attested, coverage,
                                                       findings_total, barrier_refused, mark_xid, mark_lsn)
            select ?, ?,
                   case when v.verdict = 'INCONCLUSIVE'
                            or not exists (select
                                             from shadow.verifier_run r
                                            where r.tick_hour = v.hour
                                              and r.verdict <> 'INCONCLUSIVE')
                        then v.hour
                   end,
                   ?, ?, ?::pg_lsn, ?, ?, v.verdict, v.reason, ?, ?::jsonb, ?, ?, ?::bigint, ?::pg_lsn
              from (select n.hour,
                           case when h.hole then 'INCONCLUSIVE' else n.verdict end as verdict,
                           case when h.hole then ? || n.reason else n.reason end as reason
                      from (values (?::timestamptz, ?, ?, ?)) n(hour, verdict, reason, mode)
                     cross join lateral (select n.verdict = 'CLEAN'
                                                    and n.mode <> 'post-backfill'
                                                    and exists (select
                                                                  from shadow.dead_letter
                                                                 where state = 'OPEN') as hole) h) v
            on conflict (run_id) do update
               set tick_hour = excluded.tick_hour,
                   tick_clock = excluded.tick_clock,
                   pin_kind = excluded.pin_kind,
                   pin_lsn = excluded.pin_lsn,
                   started_at = excluded.started_at,
                   finished_at = excluded.finished_at,
                   recorded_at = clock_timestamp(),
                   ordinal = default,
                   verdict = excluded.verdict,
                   reason = excluded.reason,
                   events_attested = excluded.events_attested,
                   coverage = excluded.coverage,
                   findings_total = excluded.findings_total,
                   barrier_refused = excluded.barrier_refused,
                   mark_xid = excluded.mark_xid,
                   mark_lsn = excluded.mark_lsn
             where stored.finished_at is null
               and stored.mode = excluded.mode
            """;

    /** Two verdicts on one hour are stored one after the other; whatever is applied meanwhile is none of their business. */
    private static final String ONE_AT_A_TIME = "lock table shadow.verifier_run in share row exclusive mode";

    private static final String STORED = """
            select mode, finished_at, verdict, reason, findings_total
              from shadow.verifier_run
             where run_id = ?
            """;

    private final ShadowDatabase database;
    private final Windows windows;
    private final Dictionary dictionary;
    private final Findings findings;
    private final Attestations attestations;
    private final Streak streak;
    private final Conserved conserved;

    public Runs(
            ShadowDatabase database,
            Windows windows,
            Dictionary dictionary,
            Findings findings,
            Attestations attestations,
            Streak streak) {
        this.database = database;
        this.windows = windows;
        this.dictionary = dictionary;
        this.findings = findings;
        this.attestations = attestations;
        this.streak = streak;
        this.conserved = new Conserved(database);
    }

    RunStored begin(RunStart start) {
        checkHour(start.mode(), start.tickHour());
        return database.inTransaction(() -> {
            Window window = windows.require().window();
            checkClock(window, start.tickHour(), start.tickClock());
            insert(start);
            checkMode(start);
            return stored(start.runId(), window.requiredTicks());
        });
    }

    private void insert(RunStart start) {
        database.jdbc()
                .sql(BEGIN)
                .param(start.runId())
                .param(start.mode())
                .param(time(start.tickHour()))
                .param(start.tickClock().name())
                .param(time(start.startedAt()))
                .param(BEGUN)
                .update();
    }

    private void checkMode(RunStart start) {
        boolean same = database.jdbc()
                .sql(STORED)
                .param(start.runId())
                .query((row, _) -> start.mode().equals(row.getString("mode")))
                .single();
        if (!same) {
            throw another(start.runId());
        }
    }

    RunStored store(VerifierRun run) {
        check(run);
        dictionary.registerTables(
                run.attested().stream().map(Attestation::sourceTable).distinct().toList());
        return database.inTransaction(() -> {
            database.jdbc().sql(ONE_AT_A_TIME).update();
            Window window = windows.require().window();
            checkClock(window, run.tickHour(), run.tickClock());
            Conserved.Objection objection = conserved.objection(run).orElse(null);
            VerifierRun judged =
                    objection == null ? run : run.judged(objection.verdict(), objection.reason() + run.reason());
            if (write(judged) == 1) {
                findings.store(run.runId(), run.findings());
                if (judged.verdict() == Verdict.DIRTY && run.verdict() != Verdict.DIRTY) {
                    conserved.name(run);
                }
                attestations.store(run.runId(), run.attested());
            } else {
                checkSame(run);
            }
            return stored(run.runId(), window.requiredTicks());
        });
    }

    private RunStored stored(UUID runId, int requiredTicks) {
        int clean = streak.now();
        return database.jdbc()
                .sql(STORED)
                .param(runId)
                .query((row, _) -> new RunStored(
                        runId,
                        Verdict.valueOf(row.getString("verdict")),
                        Objects.requireNonNull(row.getString("reason")),
                        clean,
                        requiredTicks))
                .single();
    }

    private static void check(VerifierRun run) {
        checkHour(run.mode(), run.tickHour());
        if (run.findings().size() > run.findingsTotal()) {
            throw new ShadowProblem(ProblemType.MALFORMED_REQUEST, "findings_total counts at least the findings sent");
        }
    }

    private static void checkHour(String mode, @Nullable Instant hour) {
        if (hour != null && !hour.equals(hour.truncatedTo(ChronoUnit.HOURS))) {
            throw new ShadowProblem(ProblemType.MALFORMED_REQUEST, "tick_hour is a full UTC hour");
        }
        if (hour != null && !mode.equals(HOURLY)) {
            throw new ShadowProblem(
                    ProblemType.MALFORMED_REQUEST,
                    "only a run of mode hourly counts for a tick_hour, not one of " + mode);
        }
    }

    /** A demonstration must never count among hours that the source lived through; what a run says of itself is believed. */
    private static void checkClock(Window window, @Nullable Instant hour, TickClock clock) {
        if (hour != null && clock != window.tickClock()) {
            throw new ShadowProblem(
                    ProblemType.WINDOW_MISMATCH,
                    "the hours of the window are those of the %s clock, the run's of the %s clock; run the verifier %s --simulated-clock"
                            .formatted(
                                    window.tickClock(),
                                    clock,
                                    window.tickClock() == TickClock.SIMULATED ? "with" : "without"));
        }
    }

    /** A repetition changes nothing; another run by the same id would be lost without a word. */
    private void checkSame(VerifierRun run) {
        boolean same = database.jdbc()
                .sql(STORED)
                .param(run.runId())
                .query((row, _) -> run.mode().equals(row.getString("mode"))
                        && row.getObject("finished_at") != null
                        && sameVerdict(run, row.getString("verdict"), row.getString("reason"))
                        && run.findingsTotal() == row.getLong("findings_total"))
                .single();
        if (!same) {
            throw another(run.runId());
        }
    }

    private static ShadowProblem another(UUID runId) {
        return new ShadowProblem(
                ProblemType.BROKEN_INVARIANT, "another run is stored under the id %s".formatted(runId));
    }

    /** A clean run may have been stored as something else, and its sender, who got no answer, repeats it as it was. */
    private static boolean sameVerdict(VerifierRun run, String verdict, String reason) {
        boolean asSent = verdict.equals(run.verdict().name()) && reason.equals(run.reason());
        return asSent
                || (run.verdict() == Verdict.CLEAN
                        && !verdict.equals(Verdict.CLEAN.name())
                        && reason.endsWith("; " + run.reason()));
    }

    private int write(VerifierRun run) {
        return database.jdbc()
                .sql(STORE)
                .param(run.runId())
                .param(run.mode())
                .param(run.tickClock().name())
                .param(run.pinKind())
                .param(run.pinLsn() == null ? null : run.pinLsn().asString())
                .param(time(run.startedAt()))
                .param(time(run.finishedAt()))
                .param(run.eventsAttested())
                .param(WireJson.mapper().writeValueAsString(run.coverage()))
                .param(run.findingsTotal())
                .param(run.barrierRefused())
                .param(run.mark() == null ? null : run.mark().xid())
                .param(run.mark() == null ? null : run.mark().lsn().asString())
                .param(LETTERS_OPEN)
                .param(time(run.tickHour()))
                .param(run.verdict().name())
                .param(run.reason())
                .param(run.mode())
                .update();
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
