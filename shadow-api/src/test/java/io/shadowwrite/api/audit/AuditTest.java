package io.shadowwrite.api.audit;

import static io.shadowwrite.api.TestApi.lsn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.Approval;
import io.shadowwrite.protocol.AuditEntry;
import io.shadowwrite.protocol.AuditPage;
import io.shadowwrite.protocol.BlockingFinding;
import io.shadowwrite.protocol.CutoverAudit;
import io.shadowwrite.protocol.CutoverDecision;
import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.Permit;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ResumeRequest;
import io.shadowwrite.protocol.RunStart;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.VerifierRun;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.DatabaseFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gate leaves behind: once, for good, and only on grounds. */
class AuditTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456789Z");
    private static final long FINAL = 5_000;

    private final TestApi api = TestApi.shared();
    private long made;

    @BeforeEach
    void openWindow() {
        api.open();
    }

    private static void assertProblem(ProblemType type, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.type()).isEqualTo(type));
    }

    private UUID newId() {
        return new UUID(0x0190_0000_0000_7000L | made++, 0x8000_0000_0000_0000L);
    }

    private CutoverAudit block() {
        return new CutoverAudit(
                newId(),
                CutoverDecision.BLOCK,
                null,
                null,
                Map.of(),
                List.of(new BlockingFinding("SC3", "120 of 168 clean hours in a row")),
                List.of(),
                null,
                "ada",
                "first attempt");
    }

    private CutoverAudit permit(UUID run, int seconds) {
        return new CutoverAudit(
                newId(),
                CutoverDecision.PERMIT,
                lsn(FINAL),
                run,
                Map.of("Partner", "17:42", "City", "3:9"),
                List.of(),
                List.of(new Approval("grace", NOON)),
                seconds,
                "ada",
                "all four criteria hold");
    }

    /** The gate holds at the final LSN, the consumer is drained, and a comparison there was clean; its id. */
    private UUID grounds() {
        api.operator().halt(new HaltRequest("gate", Hold.Kind.GATE, lsn(FINAL), null));
        api.service().write(new WriteBatch(1, lsn(FINAL + 500), List.of()));
        countedBelow(FINAL);
        return storeRun("cutover", Verdict.CLEAN);
    }

    private void countedBelow(long lsn) {
        api.target().execute("truncate shadow.conservation");
        api.target()
                .execute("insert into shadow.conservation (from_lsn, below_lsn) values ('0/0', '%s')"
                        .formatted(lsn(lsn).asString()));
    }

    private UUID storeRun(String mode, Verdict verdict) {
        return storeRun(mode, verdict, FINAL, "paused");
    }

    private UUID storeRun(String mode, Verdict verdict, long pin, String pinKind) {
        UUID id = UUID.randomUUID();
        api.service().startRun(new RunStart(id, mode, null, TickClock.SOURCE, NOON));
        api.service()
                .storeRun(new VerifierRun(
                        id,
                        mode,
                        null,
                        TickClock.SOURCE,
                        pinKind,
                        lsn(pin),
                        NOON,
                        NOON,
                        verdict,
                        "a reason",
                        0,
                        List.of(),
                        0,
                        List.of(),
                        List.of()));
        return id;
    }

    @Test
    void givesNoPermitBeforeItIsCountedWhatBecameOfEveryChange() {
        CutoverAudit permit = permit(grounds(), 1_800);
        countedBelow(FINAL - 1);

        assertProblem(ProblemType.NOT_COUNTED, () -> api.operator().audit(permit));
        api.target().execute("truncate shadow.conservation");
        assertProblem(ProblemType.NOT_COUNTED, () -> api.operator().audit(permit));
        countedBelow(FINAL);
        assertThat(api.operator().audit(permit).audit()).isEqualTo(permit);
    }

    @Test
    void givesNoPermitWhileATransactionIsNotConserved() {
        CutoverAudit permit = permit(grounds(), 1_800);
        api.target().execute("insert into shadow.unconserved values ('0/7D0', 2, 1, 0, 0, 0, 'one is missing')");

        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().audit(permit));
    }

    private @Nullable Permit permitNow() {
        return api.service().status().permit();
    }

    @Test
    void remembersABlockOnceHoweverOftenItIsSent() {
        CutoverAudit block = block();

        AuditEntry first = api.operator().audit(block);

        assertThat(first.audit()).isEqualTo(block);
        assertThat(first.permitExpiresAt()).isNull();
        assertThat(api.operator().audit(block)).isEqualTo(first);
        assertThat(api.operator().audits(10, null, null).entries()).containsExactly(first);
        assertThat(permitNow()).isNull();
    }

    @Test
    void givesAPermitThatEndsByTheClockOfTheTarget() {
        CutoverAudit permit = permit(grounds(), 1_800);

        AuditEntry entry = api.operator().audit(permit);

        assertThat(entry.audit()).isEqualTo(permit);
        assertThat(entry.permitExpiresAt())
                .isBetween(
                        entry.recordedAt().plusSeconds(1_799),
                        entry.recordedAt().plusSeconds(1_801));
        assertThat(permitNow())
                .isEqualTo(new Permit(
                        permit.auditId(),
                        lsn(FINAL),
                        Objects.requireNonNull(entry.permitExpiresAt()),
                        TickClock.SOURCE));
        assertThat(api.operator().audit(permit)).isEqualTo(entry);
    }

    @Test
    void saysForGoodThatTheHoursWereSimulated() {
        api.target().execute("update shadow.backfill_state set tick_clock = 'SIMULATED'");

        AuditEntry entry = api.operator().audit(permit(grounds(), 1_800));

        assertThat(entry.tickClock()).isEqualTo(TickClock.SIMULATED);
        assertThat(permitNow()).extracting(Permit::tickClock).isEqualTo(TickClock.SIMULATED);
    }

    @Test
    void ordersNothingAfterTheEndOfAPermit() {
        api.operator().audit(permit(grounds(), 1));

        Await.until("the permit is over", Duration.ofSeconds(30), () -> permitNow() == null);
    }

    @Test
    void endsAPermitWithALaterBlock() {
        api.operator().audit(permit(grounds(), 1_800));

        api.operator().audit(block());

        assertThat(permitNow()).isNull();
    }

    @Test
    void endsAPermitWhenTheGateLetsGo() {
        api.operator().audit(permit(grounds(), 1_800));

        api.operator().resume(new ResumeRequest("gate"));
        assertThat(permitNow()).isNull();

        api.target().execute("update shadow.backfill_state set writes_beside = writes_beside + 1");
        api.operator().halt(new HaltRequest("gate", Hold.Kind.GATE, lsn(FINAL), null));
        assertThat(permitNow()).as("something else was written in between").isNull();
    }

    @Test
    void givesNoPermitOnAComparisonThatIsOutOfDate() {
        UUID run = grounds();
        UUID later = storeRun("cutover", Verdict.DIRTY);
        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().audit(permit(run, 60)));
        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().audit(permit(later, 60)));

        UUID again = storeRun("cutover", Verdict.CLEAN);
        api.target().execute("update shadow.backfill_state set writes_beside = writes_beside + 1");
        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().audit(permit(again, 60)));
        UUID last = storeRun("cutover", Verdict.CLEAN);
        assertThat(api.operator().audit(permit(last, 60)).permitExpiresAt()).isNotNull();
    }

    @Test
    void tellsWhetherTheDatabasesAreEqualOnlyWhileTheyAreHeldWhereTheyWereCompared() {
        assertThat(equal()).isNull();
        grounds();
        assertThat(equal()).isTrue();
        storeRun("cutover", Verdict.DIRTY);
        assertThat(equal()).isFalse();
        api.operator().resume(new ResumeRequest("gate"));
        assertThat(equal()).isNull();
    }

    private @Nullable Boolean equal() {
        return api.service().status().criteria().stream()
                .filter(criterion -> criterion.code().equals("SC2"))
                .findFirst()
                .orElseThrow()
                .met();
    }

    @Test
    void givesNoPermitWithoutAGateThatHoldsTheDrainedConsumerThere() {
        UUID run = storeRun("cutover", Verdict.CLEAN);
        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().audit(permit(run, 60)));

        api.operator().halt(new HaltRequest("gate", Hold.Kind.GATE, lsn(FINAL), null));
        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().audit(permit(run, 60)));

        api.service().write(new WriteBatch(1, lsn(FINAL), List.of()));
        countedBelow(FINAL);
        CutoverAudit permit = permit(run, 60);
        AuditEntry entry = api.operator().audit(permit);
        api.operator().resume(new ResumeRequest("gate"));
        assertThat(api.operator().audit(permit))
                .as("a repetition needs no grounds")
                .isEqualTo(entry);
        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().audit(permit(run, 60)));
    }

    @Test
    void givesNoPermitWithoutACleanComparisonAtCutover() {
        grounds();

        for (UUID run : List.of(
                UUID.randomUUID(),
                storeRun("cutover", Verdict.DIRTY),
                storeRun("cutover", Verdict.INCONCLUSIVE),
                storeRun("cutover", Verdict.CLEAN, FINAL - 1, "paused"),
                storeRun("cutover", Verdict.CLEAN, FINAL, "race-window"),
                storeRun("hourly", Verdict.CLEAN))) {
            assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().audit(permit(run, 60)));
        }
        assertThat(api.operator().audits(10, null, null).entries()).isEmpty();
    }

    @Test
    void keepsWhatIsStoredUnderAnId() {
        CutoverAudit block = block();
        api.operator().audit(block);
        CutoverAudit other = new CutoverAudit(
                block.auditId(),
                block.decision(),
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
        CutoverAudit block = block();
        CutoverAudit permit = permit(UUID.randomUUID(), 60);
        List<CutoverAudit> incomplete = new ArrayList<>();
        incomplete.add(with(block, UUID.randomUUID(), "ada", "why"));
        incomplete.add(with(block, newId(), " ", "why"));
        incomplete.add(with(block, newId(), "ada", ""));
        incomplete.add(withPermit(block, 60, block.blockingFindings(), List.of()));
        incomplete.add(withPermit(block, null, List.of(), List.of()));
        incomplete.add(withPermit(permit, null, List.of(), permit.approvals()));
        incomplete.add(withPermit(permit, 0, List.of(), permit.approvals()));
        incomplete.add(withPermit(permit, 1_801, List.of(), permit.approvals()));
        incomplete.add(withPermit(permit, 60, block.blockingFindings(), permit.approvals()));
        incomplete.add(withPermit(permit, 60, List.of(), List.of()));
        incomplete.add(withPermit(permit, 60, List.of(), List.of(new Approval(" ", NOON))));

        for (CutoverAudit audit : incomplete) {
            assertProblem(ProblemType.MALFORMED_REQUEST, () -> api.operator().audit(audit));
        }
    }

    private static CutoverAudit with(CutoverAudit audit, UUID id, String operator, String reason) {
        return new CutoverAudit(
                id,
                audit.decision(),
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
                newId(),
                audit.decision(),
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
            stored.addFirst(api.operator().audit(block()).audit().auditId());
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
        assertProblem(ProblemType.NOT_FOUND, () -> api.operator().audits(2, newId(), null));
        assertProblem(ProblemType.MALFORMED_REQUEST, () -> api.operator().audits(0, null, null));
    }

    private static List<UUID> ids(AuditPage page) {
        return page.entries().stream().map(entry -> entry.audit().auditId()).toList();
    }

    @Test
    void isForOperatorsAndForAnOpenWindow() {
        assertProblem(ProblemType.TOKEN_INSUFFICIENT, () -> api.service().audit(block()));
        assertProblem(ProblemType.TOKEN_INSUFFICIENT, () -> api.service().audits(1, null, null));
        api.reset();
        assertProblem(ProblemType.WINDOW_NOT_OPEN, () -> api.operator().audit(block()));
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
        api.operator().audit(block());

        assertThatThrownBy(() -> api.target().execute(change))
                .isInstanceOf(DatabaseFailure.class)
                .hasMessageContaining("append-only");
        assertThat(api.operator().audits(10, null, null).entries()).hasSize(1);
    }
}
