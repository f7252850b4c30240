package io.shadowwrite.api.audit;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.window.OpenWindow;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.protocol.AuditEntry;
import io.shadowwrite.protocol.AuditPage;
import io.shadowwrite.protocol.CutoverAudit;
import io.shadowwrite.protocol.CutoverDecision;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.Permit;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.WireJson;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Writes and reads {@code shadow.cutover_audit}, whose rows the database itself keeps from being changed. Thread-safe. */
public final class Audits {

    private static final String INSERT = """
            insert into shadow.cutover_audit (audit_id, decision, final_lsn, verifier_run_id, digests, blocking_findings,
                                              approvals, permit_seconds, permit_expires_at, operator, reason,
                                              tick_clock)
            values (:id, :decision, :final_lsn::pg_lsn, :run, :digests::jsonb, :findings::jsonb,
                    :approvals::jsonb, :seconds, clock_timestamp() + :seconds::int * interval '1 second', :operator, :reason,
                    (select tick_clock from shadow.backfill_state))
            on conflict (audit_id) do nothing
            """;

    private static final String ONE = "select * from shadow.cutover_audit where audit_id = ?";

    private static final String PAGE = """
            select *
              from shadow.cutover_audit
             where (:decision::text is null or decision = :decision)
               and (:before::uuid is null
                    or (recorded_at, audit_id) < (select b.recorded_at, b.audit_id
                                                    from shadow.cutover_audit b
                                                   where b.audit_id = :before))
             order by recorded_at desc, audit_id desc
             limit :limit
            """;

    /**
     * Only the latest decision counts: a block after a permit ends it. And it holds only while what it rests on does: once
     * the gate lets go, the target is no longer what was compared.
     */
    private static final String PERMIT = """
            select latest.audit_id, latest.final_lsn, latest.permit_expires_at, latest.tick_clock
              from (select * from shadow.cutover_audit order by recorded_at desc, audit_id desc limit 1) latest
              join shadow.backfill_state w on w.hold_kind = 'GATE'
                                          and w.hold_halt_at = latest.final_lsn
              join shadow.reader_position p on p.side = 1
                                           and p.position = latest.final_lsn
              join shadow.verifier_run r on r.run_id = latest.verifier_run_id
                                        and r.writes_beside = w.writes_beside
             where latest.permit_expires_at > clock_timestamp()
            """;

    /** A run that is being stored may be the later one that says otherwise. */
    private static final String AWAIT_RUNS = "lock table shadow.verifier_run in share mode";

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
                                                 and later.recorded_at > r.recorded_at))
               and not exists (select from shadow.dead_letter where state = 'OPEN')
            """;

    private static final String COUNTED = """
            select exists (select from shadow.unconserved) as unconserved,
                   exists (select from shadow.conservation where below_lsn >= ?::pg_lsn) as counted
            """;

    private final ShadowDatabase database;
    private final Windows windows;

    public Audits(ShadowDatabase database, Windows windows) {
        this.database = database;
        this.windows = windows;
    }

    AuditEntry store(CutoverAudit audit) {
        AuditRules.check(audit);
        return database.inTransaction(() -> {
            Optional<AuditEntry> stored = find(audit.auditId());
            if (stored.isEmpty()) {
                checkGrounds(audit);
                insert(audit);
                stored = find(audit.auditId());
            }
            AuditEntry entry = stored.orElseThrow();
            if (!entry.audit().equals(audit)) {
                throw new ShadowProblem(
                        ProblemType.BROKEN_INVARIANT,
                        "another audit is stored under the id %s; it stays as it is".formatted(audit.auditId()));
            }
            return entry;
        });
    }

    /**
     * A permit rests on what this API knows itself: the gate holds at the final LSN, all below is applied, and equal, and of
     * every change it is known what became of it.
     */
    private void checkGrounds(CutoverAudit audit) {
        if (audit.decision() == CutoverDecision.BLOCK) {
            windows.require();
            return;
        }
        database.jdbc().sql(AWAIT_RUNS).update();
        OpenWindow window = windows.lock();
        Hold hold = window.hold();
        boolean drained = hold != null
                && hold.kind() == Hold.Kind.GATE
                && window.position().equals(audit.finalLsn())
                && window.position().equals(hold.haltAt());
        if (!drained) {
            throw new ShadowProblem(
                    ProblemType.BROKEN_INVARIANT,
                    "no gate holds the consumer at the final LSN, or it is not drained up to there; there is no permit");
        }
        boolean equal = database.jdbc()
                .sql(CLEAN_CUTOVER_RUN)
                .param(audit.verifierRunId())
                .param(window.position().asString())
                .query(Boolean.class)
                .single();
        if (!equal) {
            throw new ShadowProblem(
                    ProblemType.BROKEN_INVARIANT,
                    "verifier_run_id is not that of the latest run of mode cutover, clean at the final LSN, with no dead letter open and nothing written beside the stream since it began; there is no permit");
        }
        checkCounted(window.position());
    }

    private void checkCounted(LogSequenceNumber finalLsn) {
        database.jdbc().sql(COUNTED).param(finalLsn.asString()).query(row -> {
            if (row.getBoolean("unconserved")) {
                throw new ShadowProblem(
                        ProblemType.BROKEN_INVARIANT,
                        "not every change has exactly one disposition; there is no permit. See docs/runbook.md#not-conserved");
            }
            if (!row.getBoolean("counted")) {
                throw new ShadowProblem(
                        ProblemType.NOT_COUNTED,
                        "what became of the changes is not counted up to the final LSN yet; there is no permit until then");
            }
        });
    }

    private void insert(CutoverAudit audit) {
        LogSequenceNumber finalLsn = audit.finalLsn();
        database.jdbc()
                .sql(INSERT)
                .param("id", audit.auditId())
                .param("decision", audit.decision().name())
                .param("final_lsn", finalLsn == null ? null : finalLsn.asString())
                .param("run", audit.verifierRunId())
                .param("digests", WireJson.mapper().writeValueAsString(audit.digests()))
                .param("findings", WireJson.mapper().writeValueAsString(audit.blockingFindings()))
                .param("approvals", WireJson.mapper().writeValueAsString(audit.approvals()))
                .param("seconds", audit.permitSeconds())
                .param("operator", audit.operator())
                .param("reason", audit.reason())
                .update();
    }

    private Optional<AuditEntry> find(UUID id) {
        return database.jdbc()
                .sql(ONE)
                .param(id)
                .query((row, _) -> AuditRow.read(row))
                .optional();
    }

    AuditPage page(int limit, @Nullable UUID before, @Nullable CutoverDecision decision) {
        if (before != null && find(before).isEmpty()) {
            throw new ShadowProblem(ProblemType.NOT_FOUND, "no audit %s is stored".formatted(before));
        }
        List<AuditEntry> found = database.jdbc()
                .sql(PAGE)
                .param("decision", decision == null ? null : decision.name())
                .param("before", before)
                .param("limit", limit + 1)
                .query((row, _) -> AuditRow.read(row))
                .list();
        boolean more = found.size() > limit;
        List<AuditEntry> page = more ? found.subList(0, limit) : found;
        return new AuditPage(page, more ? page.getLast().audit().auditId() : null);
    }

    /** The permit that is valid now, by the target's clock; empty when the latest decision gave none or it is over. */
    public Optional<Permit> permit() {
        return database.jdbc()
                .sql(PERMIT)
                .query((row, _) -> AuditRow.readPermit(row))
                .optional();
    }
}
