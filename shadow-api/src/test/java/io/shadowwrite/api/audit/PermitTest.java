package io.shadowwrite.api.audit;

import static io.shadowwrite.api.TestApi.lsn;
import static io.shadowwrite.api.audit.GateDesk.FENCE;
import static io.shadowwrite.api.audit.GateDesk.FINAL;
import static io.shadowwrite.api.audit.GateDesk.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.AuditEntry;
import io.shadowwrite.protocol.CutoverAudit;
import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.Permit;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ResumeRequest;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.WriteBatch;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A permit is given on grounds only, each of which is looked at. */
class PermitTest {

    private final TestApi api = TestApi.shared();
    private final GateDesk desk = new GateDesk(api);

    @BeforeEach
    void openWindow() {
        api.open();
    }

    @Test
    void givesNoPermitBeforeItIsCountedWhatBecameOfEveryChange() {
        CutoverAudit permit = desk.permit(desk.grounds(), 1_800);
        desk.countedBelow(FINAL - 1);

        assertProblem(ProblemType.NOT_COUNTED, () -> api.operator().audit(permit));
        api.target().execute("truncate shadow.conservation");
        assertProblem(ProblemType.NOT_COUNTED, () -> api.operator().audit(permit));
        desk.countedBelow(FINAL);
        assertThat(api.operator().audit(permit).audit()).isEqualTo(permit);
    }

    @Test
    void givesNoPermitWhileATransactionIsNotConserved() {
        CutoverAudit permit = desk.permit(desk.grounds(), 1_800);
        api.target().execute("insert into shadow.unconserved values ('0/7D0', 2, 1, 0, 0, 0, 'one is missing')");

        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().audit(permit));
    }

    @Test
    void givesAPermitThatEndsByTheClockOfTheTarget() {
        CutoverAudit permit = desk.permit(desk.grounds(), 1_800);

        AuditEntry entry = api.operator().audit(permit);

        assertThat(entry.audit()).isEqualTo(permit);
        assertThat(entry.permitExpiresAt())
                .isBetween(
                        entry.recordedAt().plusSeconds(1_799),
                        entry.recordedAt().plusSeconds(1_801));
        assertThat(desk.permitNow())
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

        AuditEntry entry = api.operator().audit(desk.permit(desk.grounds(), 1_800));

        assertThat(entry.tickClock()).isEqualTo(TickClock.SIMULATED);
        assertThat(desk.permitNow()).extracting(Permit::tickClock).isEqualTo(TickClock.SIMULATED);
    }

    @Test
    void givesNoPermitBeforeTheHoursWereCleanForLongEnough() {
        CutoverAudit permit = desk.permit(desk.grounds(), 60);
        api.target().execute("update shadow.backfill_state set required_ticks = 4");

        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().audit(permit));
    }

    @Test
    void givesNoPermitBeforeTheSlotReaderHasPassedTheFinalLsn() {
        CutoverAudit permit = desk.permit(desk.grounds(), 60);
        desk.slotReaderAt(FINAL - 1);
        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().audit(permit));

        desk.slotReaderAt(FINAL);
        assertThat(api.operator().audit(permit).permitExpiresAt()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {FENCE, FINAL - 1})
    void givesNoPermitWhenARowWasChangedAfterTheFence(long committed) {
        CutoverAudit permit = desk.permit(desk.grounds(committed), 60);

        assertProblem(ProblemType.WRITERS_NOT_PAUSED, () -> api.operator().audit(permit));
        assertThat(desk.permitNow()).isNull();
    }

    @Test
    void givesNoPermitWhenARowWasChangedAfterTheFinalLsn() {
        CutoverAudit permit = desk.permit(desk.grounds(), 60);
        desk.slotReaderSeesBeyond(FINAL + 500, FINAL + 600);

        assertProblem(ProblemType.WRITERS_NOT_PAUSED, () -> api.operator().audit(permit));
    }

    @Test
    void givesAPermitWhenTheLastRowWasChangedBeforeTheFence() {
        CutoverAudit permit = desk.permit(desk.grounds(FENCE - 1), 60);

        assertThat(api.operator().audit(permit).permitExpiresAt()).isNotNull();
    }

    @Test
    void givesNoPermitOnAComparisonThatIsOutOfDate() {
        UUID run = desk.grounds();
        UUID later = desk.storeRun("cutover", Verdict.DIRTY);
        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().audit(desk.permit(run, 60)));
        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().audit(desk.permit(later, 60)));

        UUID again = desk.storeRun("cutover", Verdict.CLEAN);
        api.target().execute("update shadow.backfill_state set writes_beside = writes_beside + 1");
        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().audit(desk.permit(again, 60)));
        UUID last = desk.storeRun("cutover", Verdict.CLEAN);
        assertThat(api.operator().audit(desk.permit(last, 60)).permitExpiresAt())
                .isNotNull();
    }

    @Test
    void givesNoPermitOnAComparisonThatIsOutOfDateAlsoWhenTheClockWentBackInBetween() {
        UUID run = desk.grounds();
        desk.storeRun("cutover", Verdict.DIRTY);
        api.target()
                .execute(
                        "update shadow.verifier_run set recorded_at = recorded_at + interval '1 hour' where run_id = '%s'"
                                .formatted(run));

        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().audit(desk.permit(run, 60)));
        assertThat(equal()).isFalse();
    }

    @Test
    void tellsWhetherTheDatabasesAreEqualOnlyWhileTheyAreHeldWhereTheyWereCompared() {
        assertThat(equal()).isNull();
        desk.grounds();
        assertThat(equal()).isTrue();
        desk.storeRun("cutover", Verdict.DIRTY);
        assertThat(equal()).isFalse();
        api.operator().resume(new ResumeRequest(desk.holder()));
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
        desk.cleanHours(3);
        desk.slotReaderAt(FINAL);
        UUID run = desk.storeRun("cutover", Verdict.CLEAN);
        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().audit(desk.permit(run, 60)));

        desk.hold();
        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().audit(desk.permit(run, 60)));

        api.service().write(new WriteBatch(1, lsn(FINAL), List.of()));
        desk.countedBelow(FINAL);
        CutoverAudit permit = desk.permit(run, 60);
        AuditEntry entry = api.operator().audit(permit);
        desk.holdNobody();
        assertThat(api.operator().audit(permit))
                .as("a repetition needs no grounds")
                .isEqualTo(entry);
        desk.hold();
        desk.holdNobody();
        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().audit(desk.permit(run, 60)));
    }

    @Test
    void givesNoPermitUnderTheHoldOfSomebodyElse() {
        UUID run = desk.grounds();
        CutoverAudit permit = desk.permit(run, 60);
        for (String holder : List.of("gate", "cutover x", "cutover %s by ada".formatted(desk.newId()))) {
            desk.holdNobody();
            api.operator().halt(new HaltRequest(holder, Hold.Kind.GATE, lsn(FINAL), null));
            assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().audit(permit));
        }
        desk.holdNobody();
        desk.hold();

        assertThat(api.operator().audit(desk.permit(run, 60)).permitExpiresAt()).isNotNull();
    }

    @Test
    void givesNoPermitWithoutACleanComparisonAtCutover() {
        desk.grounds();

        for (UUID run : List.of(
                UUID.randomUUID(),
                desk.storeRun("cutover", Verdict.DIRTY),
                desk.storeRun("cutover", Verdict.INCONCLUSIVE),
                desk.storeRun("cutover", Verdict.CLEAN, FINAL - 1, "paused"),
                desk.storeRun("cutover", Verdict.CLEAN, FINAL, "race-window"),
                desk.storeRun("hourly", Verdict.CLEAN))) {
            assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().audit(desk.permit(run, 60)));
        }
        assertThat(api.operator().audits(10, null, null).entries()).isEmpty();
    }
}
