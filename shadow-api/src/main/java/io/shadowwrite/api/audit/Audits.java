package io.shadowwrite.api.audit;

import io.shadowwrite.api.clock.TargetClock;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.verifierrun.Streak;
import io.shadowwrite.api.window.OpenWindow;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.protocol.AuditEntry;
import io.shadowwrite.protocol.AuditPage;
import io.shadowwrite.protocol.CutoverAudit;
import io.shadowwrite.protocol.CutoverDecision;
import io.shadowwrite.protocol.Hold;
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
            insert into shadow.cutover_audit (audit_id, decision, fence_lsn, final_lsn, verifier_run_id, digests,
                                              blocking_findings, approvals, permit_seconds, permit_expires_at,
                                              operator, reason, tick_clock, clock_lost_micros, reader_silences)
            select :id, :decision, :fence_lsn::pg_lsn, :final_lsn::pg_lsn, :run, :digests::jsonb, :findings::jsonb,
                   :approvals::jsonb, :seconds, clock_timestamp() + :seconds::int * interval '1 second', :operator, :reason,
                   w.tick_clock, c.lost_micros, (select silences from shadow.reader_position where side = 2)
              from shadow.backfill_state w
             cross join shadow.clock c
            on conflict (audit_id) do nothing
            """;

    /**
     * Whether writers have moved nobody but the operator knows, and what the old source is still written must not come over
     * what they write to the target: the consumer stands still until he says that it is finished, or gives the permit back.
     */
    private static final String HOLD_FOR_GOOD = "update shadow.backfill_state set hold_expires_at = null";

    /** Who takes a permit away ends its hold next; if he dies before, the consumer goes on all the same. */
    private static final String HOLD_NO_LONGER = """
            update shadow.backfill_state
               set hold_expires_at = clock_timestamp() + interval '1 minute',
                   hold_lost_micros = (select lost_micros from shadow.clock)
             where hold_holder like 'cutover %'
               and hold_kind = 'GATE'
               and hold_expires_at is null
            """;

    private static final String ONE = "select * from shadow.cutover_audit where audit_id = ?";

    private static final String PAGE = """
            select *
              from shadow.cutover_audit
             where (:decision::text is null or decision = :decision)
               and (:before::uuid is null
                    or ordinal < (select b.ordinal from shadow.cutover_audit b where b.audit_id = :before))
             order by ordinal desc
             limit :limit
            """;

    /** A run that is being stored may be the later one that says otherwise. */
    private static final String AWAIT_RUNS = "lock table shadow.verifier_run in share mode";

    private final ShadowDatabase database;
    private final Windows windows;
    private final TargetClock clock;
    private final Permits permits;
    private final Decisions decisions;
    private final Grounds grounds;
    private final FinishGrounds finish;

    public Audits(ShadowDatabase database, Windows windows, Streak streak, Permits permits) {
        this.database = database;
        this.windows = windows;
        this.clock = new TargetClock(database);
        this.permits = permits;
        this.decisions = new Decisions(database);
        this.grounds = new Grounds(database, streak);
        this.finish = new FinishGrounds(decisions, permits);
    }

    AuditEntry store(CutoverAudit audit) {
        AuditRules.check(audit, permits.requiredApprovals());
        return database.inTransaction(() -> {
            OpenWindow window = lock(audit.decision());
            Optional<AuditEntry> stored = find(audit.auditId());
            if (stored.isEmpty()) {
                decide(audit, window);
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

    /** One decision after the other, so that which one is the latest is beyond doubt. */
    private OpenWindow lock(CutoverDecision decision) {
        if (decision == CutoverDecision.PERMIT) {
            database.jdbc().sql(AWAIT_RUNS).update();
        }
        return windows.lock();
    }

    private void decide(CutoverAudit audit, OpenWindow window) {
        decisions.requireUnfinished();
        switch (audit.decision()) {
            case BLOCK -> {
                refuseOfAnother(audit, window);
                clock.look();
                insert(audit);
                database.jdbc().sql(HOLD_NO_LONGER).update();
            }
            case PERMIT -> {
                grounds.check(audit, window);
                clock.look();
                insert(audit);
                database.jdbc().sql(HOLD_FOR_GOOD).update();
                refuseVoid();
            }
            case FINISH -> {
                finish.check(audit, window);
                insert(audit);
            }
        }
    }

    /** A permit may be in use; only who knows it takes it away, and no attempt that was planned before it was given. */
    private static void refuseOfAnother(CutoverAudit block, OpenWindow window) {
        Hold hold = window.hold();
        if (hold != null
                && hold.ofPermit()
                && hold.haltAt() != null
                && !hold.haltAt().equals(block.finalLsn())) {
            throw new ShadowProblem(
                    ProblemType.BROKEN_INVARIANT,
                    "a permit stands at %s; only a block that names this final_lsn takes it away"
                            .formatted(hold.haltAt().asString()));
        }
    }

    /** What would read as none is not given. */
    private void refuseVoid() {
        @Nullable String end = permits.now().gate().withoutPermit();
        if (end != null) {
            throw new ShadowProblem(ProblemType.BROKEN_INVARIANT, "it would not hold: " + end);
        }
    }

    private void insert(CutoverAudit audit) {
        database.jdbc()
                .sql(INSERT)
                .param("id", audit.auditId())
                .param("decision", audit.decision().name())
                .param("fence_lsn", text(audit.fenceLsn()))
                .param("final_lsn", text(audit.finalLsn()))
                .param("run", audit.verifierRunId())
                .param("digests", WireJson.mapper().writeValueAsString(audit.digests()))
                .param("findings", WireJson.mapper().writeValueAsString(audit.blockingFindings()))
                .param("approvals", WireJson.mapper().writeValueAsString(audit.approvals()))
                .param("seconds", audit.permitSeconds())
                .param("operator", audit.operator())
                .param("reason", audit.reason())
                .update();
    }

    private static @Nullable String text(@Nullable LogSequenceNumber lsn) {
        return lsn == null ? null : lsn.asString();
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
}
