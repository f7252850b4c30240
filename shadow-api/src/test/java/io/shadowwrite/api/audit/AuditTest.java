package io.shadowwrite.api.audit;

import static io.shadowwrite.api.TestApi.lsn;
import static io.shadowwrite.api.audit.GateDesk.NOON;
import static io.shadowwrite.api.audit.GateDesk.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.Approval;
import io.shadowwrite.protocol.AuditEntry;
import io.shadowwrite.protocol.AuditPage;
import io.shadowwrite.protocol.BlockingFinding;
import io.shadowwrite.protocol.CutoverAudit;
import io.shadowwrite.protocol.CutoverDecision;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.testsupport.DatabaseFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gate leaves behind: once, for good, and only when it is complete. */
class AuditTest {

    private final TestApi api = TestApi.shared();
    private final GateDesk desk = new GateDesk(api);

    @BeforeEach
    void openWindow() {
        api.open();
    }

    @Test
    void remembersABlockOnceHoweverOftenItIsSent() {
        CutoverAudit block = desk.block();

        AuditEntry first = api.operator().audit(block);

        assertThat(first.audit()).isEqualTo(block);
        assertThat(first.permitExpiresAt()).isNull();
        assertThat(api.operator().audit(block)).isEqualTo(first);
        assertThat(api.operator().audits(10, null, null).entries()).containsExactly(first);
        assertThat(desk.permitNow()).isNull();
    }

    @Test
    void keepsWhatIsStoredUnderAnId() {
        CutoverAudit block = desk.block();
        api.operator().audit(block);
        CutoverAudit other = new CutoverAudit(
                block.auditId(),
                block.decision(),
                null,
                null,
                null,
                Map.of(),
                block.blockingFindings(),
                List.of(),
                null,
                "ada",
                "another reason");

        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().audit(other));
        assertThat(api.operator().audits(1, null, null).entries().getFirst().audit())
                .isEqualTo(block);
    }

    @Test
    void refusesAnAuditThatSaysTooLittle() {
        CutoverAudit block = desk.block();
        CutoverAudit permit = desk.permit(UUID.randomUUID(), 60);
        List<CutoverAudit> incomplete = new ArrayList<>();
        incomplete.add(with(block, UUID.randomUUID(), "ada", "why"));
        incomplete.add(with(block, desk.newId(), " ", "why"));
        incomplete.add(with(block, desk.newId(), "ada", ""));
        incomplete.add(withPermit(block, 60, block.blockingFindings(), List.of()));
        incomplete.add(withPermit(block, null, List.of(), List.of()));
        incomplete.add(withPermit(permit, null, List.of(), permit.approvals()));
        incomplete.add(withPermit(permit, 0, List.of(), permit.approvals()));
        incomplete.add(withPermit(permit, 1_801, List.of(), permit.approvals()));
        incomplete.add(withPermit(permit, 60, block.blockingFindings(), permit.approvals()));
        incomplete.add(withPermit(permit, 60, List.of(), List.of()));
        incomplete.add(withPermit(permit, 60, List.of(), List.of(new Approval(" ", NOON))));
        incomplete.add(finish(null, null));
        incomplete.add(finish(5_000L, 60));

        for (CutoverAudit audit : incomplete) {
            assertProblem(ProblemType.MALFORMED_REQUEST, () -> api.operator().audit(audit));
        }
    }

    private CutoverAudit finish(@Nullable Long finalLsn, @Nullable Integer seconds) {
        return new CutoverAudit(
                desk.newId(),
                CutoverDecision.FINISH,
                null,
                finalLsn == null ? null : lsn(finalLsn),
                null,
                Map.of(),
                List.of(),
                List.of(),
                seconds,
                "ada",
                "why");
    }

    private static CutoverAudit with(CutoverAudit audit, UUID id, String operator, String reason) {
        return new CutoverAudit(
                id,
                audit.decision(),
                audit.fenceLsn(),
                audit.finalLsn(),
                audit.verifierRunId(),
                audit.digests(),
                audit.blockingFindings(),
                audit.approvals(),
                audit.permitSeconds(),
                operator,
                reason);
    }

    private CutoverAudit withPermit(
            CutoverAudit audit, @Nullable Integer seconds, List<BlockingFinding> findings, List<Approval> approvals) {
        return new CutoverAudit(
                desk.newId(),
                audit.decision(),
                audit.fenceLsn(),
                audit.finalLsn(),
                audit.verifierRunId(),
                audit.digests(),
                findings,
                approvals,
                seconds,
                audit.operator(),
                audit.reason());
    }

    @Test
    void pagesThroughAllNewestFirst() {
        List<UUID> stored = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            stored.addFirst(api.operator().audit(desk.block()).audit().auditId());
        }

        List<UUID> seen = new ArrayList<>();
        AuditPage page = api.operator().audits(2, null, null);
        seen.addAll(ids(page));
        for (int pages = 1; page.next() != null && pages < 10; pages++) {
            page = api.operator().audits(2, page.next(), null);
            seen.addAll(ids(page));
        }

        assertThat(seen).isEqualTo(stored);
        assertThat(api.operator().audits(10, null, CutoverDecision.PERMIT).entries())
                .isEmpty();
        assertThat(ids(api.operator().audits(10, null, CutoverDecision.BLOCK))).isEqualTo(stored);
        assertProblem(ProblemType.NOT_FOUND, () -> api.operator().audits(2, desk.newId(), null));
        assertProblem(ProblemType.MALFORMED_REQUEST, () -> api.operator().audits(0, null, null));
    }

    private static List<UUID> ids(AuditPage page) {
        return page.entries().stream().map(entry -> entry.audit().auditId()).toList();
    }

    @Test
    void isForOperatorsAndForAnOpenWindow() {
        assertProblem(ProblemType.TOKEN_INSUFFICIENT, () -> api.service().audit(desk.block()));
        assertProblem(ProblemType.TOKEN_INSUFFICIENT, () -> api.service().audits(1, null, null));
        api.reset();
        assertProblem(ProblemType.WINDOW_NOT_OPEN, () -> api.operator().audit(desk.block()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update shadow.cutover_audit set reason = 'better'",
                "delete from shadow.cutover_audit",
                "truncate shadow.cutover_audit",
                "set session_replication_role = replica; delete from shadow.cutover_audit"
            })
    void isKeptByTheDatabaseAgainstItsOwnOwner(String change) {
        api.operator().audit(desk.block());

        assertThatThrownBy(() -> api.target().execute(change))
                .isInstanceOf(DatabaseFailure.class)
                .hasMessageContaining("append-only");
        assertThat(api.operator().audits(10, null, null).entries()).hasSize(1);
    }
}
