package io.shadowwrite.api.verifierrun;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.ledger.Attestations;
import io.shadowwrite.api.window.OpenWindow;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.protocol.Attestation;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.RunPage;
import io.shadowwrite.protocol.RunStored;
import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.VerifierRun;
import io.shadowwrite.protocol.WireJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Stores finished comparisons and counts the run of clean hours from them. Thread-safe. */
public final class Runs {

    private static final String LETTERS_OPEN = "dead letters are open; ";

    /**
     * An hour is judged once: a second run for it is kept, but counts for no hour. And no run is clean while a change is
     * known to be missing, whatever the verifier knew when it looked.
     */
    private static final String INSERT = """
            insert into shadow.verifier_run (run_id, mode, tick_hour, pin_kind, pin_lsn, started_at, finished_at, verdict,
                                             reason, events_attested, coverage, findings_total, barrier_refused,
                                             mark_xid, mark_lsn)
            select ?, ?,
                   (select t.hour
                      from (select ?::timestamptz as hour) t
                     where not exists (select from shadow.verifier_run r where r.tick_hour = t.hour)),
                   ?, ?::pg_lsn, ?, ?,
                   case when v.hole then 'INCONCLUSIVE' else v.verdict end,
                   case when v.hole then ? || v.reason else v.reason end,
                   ?, ?::jsonb, ?, ?, ?::bigint, ?::pg_lsn
              from (select n.*,
                           n.verdict = 'CLEAN'
                               and exists (select from shadow.dead_letter where state = 'OPEN') as hole
                      from (values (?, ?)) n(verdict, reason)) v
            on conflict (run_id) do nothing
            """;

    private static final String STORED = """
            select mode, verdict, reason, findings_total
              from shadow.verifier_run
             where run_id = ?
            """;

    private static final String PAGE = """
            select run_id, mode, tick_hour, pin_lsn, finished_at, verdict, reason, findings_total
              from shadow.verifier_run
             where (:mode::text is null or mode = :mode)
               and (:verdict::text is null or verdict = :verdict)
               and (:before::uuid is null
                    or (recorded_at, run_id) < (select b.recorded_at, b.run_id
                                                  from shadow.verifier_run b
                                                 where b.run_id = :before))
             order by recorded_at desc, run_id desc
             limit :limit
            """;

    /**
     * Hours in a row up to the youngest tick, each clean. A second run of an hour that found something counts against all
     * ticks before it.
     */
    private static final String STREAK = """
            select count(*)
              from (select tick_hour, recorded_at,
                           max(tick_hour) over () - tick_hour
                               = (row_number() over (order by tick_hour desc) - 1) * interval '1 hour' as no_gap,
                           bool_and(verdict = 'CLEAN') over (order by tick_hour desc) as clean_since
                      from shadow.verifier_run
                     where tick_hour is not null) t
             where no_gap
               and clean_since
               and not exists (select
                                 from shadow.verifier_run d
                                where d.tick_hour is null
                                  and d.mode = 'hourly'
                                  and d.verdict = 'DIRTY'
                                  and d.recorded_at > t.recorded_at)
            """;

    private final ShadowDatabase database;
    private final Windows windows;
    private final Dictionary dictionary;
    private final Findings findings;
    private final Attestations attestations;

    public Runs(
            ShadowDatabase database,
            Windows windows,
            Dictionary dictionary,
            Findings findings,
            Attestations attestations) {
        this.database = database;
        this.windows = windows;
        this.dictionary = dictionary;
        this.findings = findings;
        this.attestations = attestations;
    }

    RunStored store(VerifierRun run) {
        check(run);
        dictionary.registerTables(
                run.attested().stream().map(Attestation::sourceTable).distinct().toList());
        return database.inTransaction(() -> {
            OpenWindow window = windows.lock();
            if (insert(run) == 1) {
                findings.store(run.runId(), run.findings());
                attestations.store(run.runId(), run.attested());
            } else {
                checkSame(run);
            }
            return stored(run.runId(), window.window().requiredTicks());
        });
    }

    private RunStored stored(UUID runId, int requiredTicks) {
        int streak = streak();
        return database.jdbc()
                .sql(STORED)
                .param(runId)
                .query((row, _) -> new RunStored(
                        runId,
                        Verdict.valueOf(row.getString("verdict")),
                        Objects.requireNonNull(row.getString("reason")),
                        streak,
                        requiredTicks))
                .single();
    }

    private static void check(VerifierRun run) {
        Instant hour = run.tickHour();
        if (hour != null && !hour.equals(hour.truncatedTo(ChronoUnit.HOURS))) {
            throw new ShadowProblem(ProblemType.MALFORMED_REQUEST, "tick_hour is a full UTC hour");
        }
        if (run.findings().size() > run.findingsTotal()) {
            throw new ShadowProblem(ProblemType.MALFORMED_REQUEST, "findings_total counts at least the findings sent");
        }
    }

    /** A repetition changes nothing; another run by the same id would be lost without a word. */
    private void checkSame(VerifierRun run) {
        boolean same = database.jdbc()
                .sql(STORED)
                .param(run.runId())
                .query((row, _) -> run.mode().equals(row.getString("mode"))
                        && sameVerdict(run, row.getString("verdict"), row.getString("reason"))
                        && run.findingsTotal() == row.getLong("findings_total"))
                .single();
        if (!same) {
            throw new ShadowProblem(
                    ProblemType.BROKEN_INVARIANT, "another run is stored under the id %s".formatted(run.runId()));
        }
    }

    /** A clean run may have been stored as inconclusive, and its sender, who got no answer, repeats it as it was. */
    private static boolean sameVerdict(VerifierRun run, String verdict, String reason) {
        boolean asSent = verdict.equals(run.verdict().name()) && reason.equals(run.reason());
        return asSent
                || (run.verdict() == Verdict.CLEAN
                        && verdict.equals(Verdict.INCONCLUSIVE.name())
                        && reason.equals(LETTERS_OPEN + run.reason()));
    }

    private int insert(VerifierRun run) {
        return database.jdbc()
                .sql(INSERT)
                .param(run.runId())
                .param(run.mode())
                .param(time(run.tickHour()))
                .param(run.pinKind())
                .param(run.pinLsn() == null ? null : run.pinLsn().asString())
                .param(time(run.startedAt()))
                .param(time(run.finishedAt()))
                .param(LETTERS_OPEN)
                .param(run.eventsAttested())
                .param(WireJson.mapper().writeValueAsString(run.coverage()))
                .param(run.findingsTotal())
                .param(run.barrierRefused())
                .param(run.mark() == null ? null : run.mark().xid())
                .param(run.mark() == null ? null : run.mark().lsn().asString())
                .param(run.verdict().name())
                .param(run.reason())
                .update();
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    /** Clean ticks in a row. */
    public int streak() {
        return database.jdbc().sql(STREAK).query(Integer.class).single();
    }

    /** The latest run of all; empty when there is none. */
    public Optional<RunSummary> latest() {
        return page(1, null, null, null).runs().stream().findFirst();
    }

    RunPage page(int limit, @Nullable UUID before, @Nullable String mode, @Nullable Verdict verdict) {
        List<RunSummary> found = database.jdbc()
                .sql(PAGE)
                .param("mode", mode)
                .param("verdict", verdict == null ? null : verdict.name())
                .param("before", before)
                .param("limit", limit + 1)
                .query((row, _) -> summary(row))
                .list();
        boolean more = found.size() > limit;
        List<RunSummary> page = more ? found.subList(0, limit) : found;
        return new RunPage(page, more ? page.getLast().runId() : null);
    }

    /**
     * Lets only the id of a stored run pass.
     *
     * @throws ShadowProblem with NOT_FOUND
     */
    void requireStored(UUID runId) {
        if (database.jdbc().sql(STORED).param(runId).query().listOfRows().isEmpty()) {
            throw new ShadowProblem(ProblemType.NOT_FOUND, "no run %s is stored".formatted(runId));
        }
    }

    private static RunSummary summary(ResultSet row) throws SQLException {
        OffsetDateTime tickHour = row.getObject("tick_hour", OffsetDateTime.class);
        String pin = row.getString("pin_lsn");
        return new RunSummary(
                Objects.requireNonNull(row.getObject("run_id", UUID.class)),
                row.getString("mode"),
                tickHour == null ? null : tickHour.toInstant(),
                pin == null ? null : LogSequenceNumber.valueOf(pin),
                row.getObject("finished_at", OffsetDateTime.class).toInstant(),
                Verdict.valueOf(row.getString("verdict")),
                row.getString("reason"),
                row.getLong("findings_total"));
    }
}
