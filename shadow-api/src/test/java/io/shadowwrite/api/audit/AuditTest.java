package io.shadowwrite.api.audit;

import static io.shadowwrite.api.TestApi.lsn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.api.write.Batches;
import io.shadowwrite.protocol.Approval;
import io.shadowwrite.protocol.AuditEntry;
import io.shadowwrite.protocol.AuditPage;
import io.shadowwrite.protocol.BlockingFinding;
import io.shadowwrite.protocol.CutoverAudit;
import io.shadowwrite.protocol.CutoverDecision;
import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.Permit;
import io.shadowwrite.protocol.PositionReport;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.Receipt;
import io.shadowwrite.protocol.ReceiptBatch;
import io.shadowwrite.protocol.ResumeRequest;
import io.shadowwrite.protocol.RunStart;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.VerifierRun;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.DatabaseFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
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
    private static final String DIGEST = "0".repeat(31) + "1";
    private static final long FENCE = 4_000;
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
                lsn(FENCE),
                lsn(FINAL),
                run,
                Map.of("Partner", "17:42", "City", "3:9"),
                List.of(),
                List.of(new Approval("grace", NOON)),
                seconds,
                "ada",
                "all four criteria hold");
    }

    /** The hours were clean, the gate holds at the final LSN, both readers are there, and a comparison there was clean; its id. These committed below. */
    private UUID grounds(Long... committed) {
        cleanHours(3);
        api.service()
                .attest(new ReceiptBatch(
                        lsn(1_500),
                        lsn(FINAL + 500),
                        Arrays.stream(committed).map(AuditTest::receipt).toList()));
        slotReaderReports("STREAMING");
        api.operator().halt(new HaltRequest("gate", Hold.Kind.GATE, lsn(FINAL), null));
        api.service()
                .write(Batches.batch(
                        FINAL + 500,
                        Arrays.stream(committed)
                                .map(lsn -> Batches.transaction(lsn, 1, Batches.unmapped()))
                                .toArray(TransactionWrites[]::new)));
        countedBelow(FINAL);
        return storeRun("cutover", Verdict.CLEAN);
    }

    private void cleanHours(int hours) {
        api.target().execute("""
                insert into shadow.verifier_run (run_id, mode, tick_hour, tick_clock, pin_kind, started_at, finished_at, verdict,
                                                 reason, events_attested, coverage, findings_total)
                select gen_random_uuid(), 'hourly', date_trunc('hour', now(), 'UTC') - n * interval '1 hour', 'SOURCE',
                       'barrier', now(), now(), 'CLEAN', '', 0, '[]', 0
                  from generate_series(1, %d) n
                """.formatted(hours));
    }

    /** The slot reader has passed it and works; beyond what it stored before lies this receipt, if it is there at all. */
    private void slotReaderSeesBeyond(long from, long commitLsn) {
        api.service().attest(new ReceiptBatch(lsn(from), lsn(commitLsn + 8), List.of(receipt(commitLsn))));
    }

    private static Receipt receipt(long commitLsn) {
        return new Receipt(lsn(commitLsn), 0, commitLsn * 10, "app.audit_log", Operation.INSERT, "{\"id\":1}", DIGEST);
    }

    private void slotReaderReports(String state) {
        api.service().report(new PositionReport(Side.VERIFIER, 0, lsn(FINAL), lsn(FINAL), state, null));
    }

    private void slotReaderAt(long lsn) {
        slotReaderReports("STREAMING");
        api.target()
                .execute("update shadow.reader_position set position = '%s' where side = 2"
                        .formatted(lsn(lsn).asString()));
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
    void givesNoPermitBeforeTheHoursWereCleanForLongEnough() {
        CutoverAudit permit = permit(grounds(), 60);
        api.target().execute("update shadow.backfill_state set required_ticks = 4");

        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().audit(permit));
    }

    @Test
    void givesNoPermitBeforeTheSlotReaderHasPassedTheFinalLsn() {
        CutoverAudit permit = permit(grounds(), 60);
        slotReaderAt(FINAL - 1);
        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().audit(permit));

        slotReaderAt(FINAL);
        assertThat(api.operator().audit(permit).permitExpiresAt()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {FENCE, FINAL - 1})
    void givesNoPermitWhenARowWasChangedAfterTheFence(long committed) {
        CutoverAudit permit = permit(grounds(committed), 60);

        assertProblem(ProblemType.WRITERS_NOT_PAUSED, () -> api.operator().audit(permit));
        assertThat(permitNow()).isNull();
    }

    @Test
    void givesNoPermitWhenARowWasChangedAfterTheFinalLsn() {
        CutoverAudit permit = permit(grounds(), 60);
        slotReaderSeesBeyond(FINAL + 500, FINAL + 600);

        assertProblem(ProblemType.WRITERS_NOT_PAUSED, () -> api.operator().audit(permit));
    }

    @Test
    void givesAPermitWhenTheLastRowWasChangedBeforeTheFence() {
        CutoverAudit permit = permit(grounds(FENCE - 1), 60);

        assertThat(api.operator().audit(permit).permitExpiresAt()).isNotNull();
    }

    @Test
    void endsAPermitWhenAWriterComesBack() {
        api.operator().audit(permit(grounds(), 1_800));
        assertThat(permitNow()).isNotNull();

        slotReaderSeesBeyond(FINAL + 500, FINAL + 600);

        assertThat(permitNow()).isNull();
        assertThat(withoutPermit()).contains("a writer of the source");
    }

    @Test
    void tellsOfNoPermitWhileNobodyWouldSeeAWriterThatComesBack() {
        api.operator().audit(permit(grounds(), 1_800));

        slotReaderReports("WAITING_FOR_SLOT");
        assertThat(permitNow()).isNull();
        assertThat(withoutPermit()).contains("slot reader");
        slotReaderReports("STREAMING");
        assertThat(permitNow()).isNotNull();
        api.target()
                .execute("update shadow.reader_position set reported_at = now() - interval '2 minutes' where side = 2");
        assertThat(permitNow()).isNull();
    }

    private @Nullable String withoutPermit() {
        return Objects.requireNonNull(api.service().status().gate()).withoutPermit();
    }

    @Test
    void doesNotExtendAPermitWhenTheClockGoesBack() {
        api.operator().audit(permit(grounds(), 1_800));

        // As if the clock had been there when it was looked at last, and was set back since.
        api.target().execute("update shadow.clock set seen = clock_timestamp() + interval '29 minutes'");
        assertThat(permitNow()).as("a minute is left").isNotNull();
        slotReaderReports("STREAMING");
        Permit permit = Objects.requireNonNull(permitNow());
        assertThat(permit.expiresAt()).isBefore(Instant.now().plusSeconds(120));

        api.target().execute("update shadow.clock set seen = clock_timestamp() + interval '2 minutes'");
        assertThat(permitNow()).isNull();
        slotReaderReports("STREAMING");
        assertThat(permitNow())
                .as("31 minutes have gone by, whatever the clock says")
                .isNull();
        assertThat(withoutPermit()).contains("time ran out");
    }

    @Test
    void knowsTheLatestDecisionEvenWhenTheClockWentBackInBetween() {
        api.operator().audit(permit(grounds(), 1_800));
        api.target().execute("alter table shadow.cutover_audit disable trigger append_only");
        api.target().execute("update shadow.cutover_audit set recorded_at = recorded_at + interval '10 minutes'");
        api.target().execute("alter table shadow.cutover_audit enable always trigger append_only");

        CutoverAudit block = block();
        api.operator().audit(block);

        assertThat(permitNow()).isNull();
        assertThat(ids(api.operator().audits(1, null, null))).containsExactly(block.auditId());
    }

    @Test
    void endsTheLeaseOfTheGateWithThePermit() {
        UUID run = grounds();
        api.operator().resume(new ResumeRequest("gate"));
        api.operator().halt(new HaltRequest("cutover x", Hold.Kind.GATE, lsn(FINAL), 60));
        assertThat(api.service().status().phase()).isEqualTo("CUTTING_OVER");

        AuditEntry entry = api.operator().audit(permit(run, 900));

        assertThat(Objects.requireNonNull(api.service().controlState().hold()).expiresAt())
                .isEqualTo(entry.permitExpiresAt());
        assertThat(api.service().status().phase()).isEqualTo("PERMITTED");
    }

    @Test
    void endsAPermitWithTheLeaseOfTheGate() {
        UUID run = grounds();
        api.operator().resume(new ResumeRequest("gate"));
        api.operator().halt(new HaltRequest("cutover x", Hold.Kind.GATE, lsn(FINAL), 60));
        api.operator().audit(permit(run, 1_800));

        api.target().execute("update shadow.backfill_state set hold_expires_at = now() - interval '1 second'");

        assertThat(permitNow()).isNull();
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
        cleanHours(3);
        slotReaderAt(FINAL);
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
                newId(),
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
