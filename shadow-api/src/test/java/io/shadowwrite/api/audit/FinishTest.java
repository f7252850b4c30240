package io.shadowwrite.api.audit;

import static io.shadowwrite.api.TestApi.lsn;
import static io.shadowwrite.api.audit.GateDesk.FINAL;
import static io.shadowwrite.api.audit.GateDesk.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.AuditEntry;
import io.shadowwrite.protocol.BlockingFinding;
import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.CutoverAudit;
import io.shadowwrite.protocol.CutoverDecision;
import io.shadowwrite.protocol.FenceNote;
import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ResumeRequest;
import io.shadowwrite.protocol.Status;
import io.shadowwrite.testsupport.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** After a permit the consumer stands still until somebody says that writers have moved, or that they have not. */
class FinishTest {

    private final TestApi api = TestApi.shared();
    private final GateDesk desk = new GateDesk(api);

    @BeforeEach
    void openWindow() {
        api.open();
    }

    private CutoverAudit permitted(int seconds) {
        return api.operator().audit(desk.permit(desk.grounds(), seconds)).audit();
    }

    private CutoverAudit finish(String... accepted) {
        return decision(
                CutoverDecision.FINISH,
                FINAL,
                Arrays.stream(accepted)
                        .map(code -> new BlockingFinding(code, "known"))
                        .toList());
    }

    private CutoverAudit abort() {
        return decision(CutoverDecision.BLOCK, FINAL, List.of(new BlockingFinding("ABORTED", "a test")));
    }

    private CutoverAudit decision(CutoverDecision decision, long finalLsn, List<BlockingFinding> findings) {
        return new CutoverAudit(
                desk.newId(), decision, null, lsn(finalLsn), null, Map.of(), findings, List.of(), null, "ada", "why");
    }

    private @Nullable Hold hold() {
        return api.service().controlState().hold();
    }

    private Status status() {
        return api.service().status();
    }

    @Test
    void holdsTheConsumerLongerThanThePermitUntilSomebodySaysWhatBecameOfIt() {
        permitted(1);
        Await.until("the permit is over", Duration.ofSeconds(30), () -> desk.permitNow() == null);

        assertThat(hold()).isEqualTo(new Hold(desk.holder(), Hold.Kind.GATE, lsn(FINAL), null));
        assertThat(status().phase()).isEqualTo("UNDECIDED");
        assertThat(status().ready()).isFalse();
        assertThat(status().reason()).contains("time ran out", "nobody has said whether writers have moved");
        assertThat(status().nextSteps())
                .anyMatch(step -> step.contains("repoint all the others, then ./shadow cutover finish"));
        assertThat(status().nextSteps()).anyMatch(step -> step.contains("cutover abort"));
    }

    @Test
    void letsNothingOfTheSourceBeAppliedEverAgain() {
        permitted(1_800);

        AuditEntry entry = api.operator().audit(finish());

        assertThat(entry.permitExpiresAt()).isNull();
        assertThat(status().phase()).isEqualTo("FINISHED");
        assertThat(status().ready()).isFalse();
        assertThat(status().nextSteps()).anyMatch(step -> step.contains("decommission"));
        assertThat(desk.permitNow()).isNull();
        assertProblem(ProblemType.CUTOVER_FINISHED, () -> api.operator().resume(new ResumeRequest(desk.holder())));
        assertProblem(
                ProblemType.CUTOVER_FINISHED,
                () -> api.operator().halt(new HaltRequest(desk.holder(), Hold.Kind.GATE, lsn(FINAL + 10_000), 5)));
        assertProblem(ProblemType.CUTOVER_FINISHED, () -> api.operator().audit(abort()));
        assertThat(hold()).isEqualTo(new Hold(desk.holder(), Hold.Kind.GATE, lsn(FINAL), null));
    }

    @Test
    void namesAFenceThatStaysAroundTheOldSource() {
        permitted(1_800);
        api.operator().fence(new FenceNote(desk.holder(), "read-only", true));

        api.operator().audit(finish());

        assertThat(status().nextSteps()).anyMatch(step -> step.contains("fenced by --fence=read-only"));
    }

    @Test
    void finishesOnce() {
        permitted(1_800);
        CutoverAudit finish = finish();

        AuditEntry entry = api.operator().audit(finish);

        assertThat(api.operator().audit(finish)).isEqualTo(entry);
        assertProblem(ProblemType.CUTOVER_FINISHED, () -> api.operator().audit(finish()));
    }

    @Test
    void finishesAPermitWhoseTimeIsOver() {
        permitted(1);
        Await.until("the permit is over", Duration.ofSeconds(30), () -> desk.permitNow() == null);

        api.operator().audit(finish());

        assertThat(status().phase()).isEqualTo("FINISHED");
    }

    @Test
    void finishesOverAWriterThatCameBackOnlyWhenItIsNamed() {
        permitted(1_800);
        desk.slotReaderSeesBeyond(FINAL + 500, FINAL + 600);

        assertProblem(ProblemType.PERMIT_VOID, () -> api.operator().audit(finish()));
        assertProblem(ProblemType.PERMIT_VOID, () -> api.operator().audit(finish("READER_SILENT")));
        assertThat(status().phase()).isEqualTo("UNDECIDED");
        api.operator().audit(finish("WRITER_CAME_BACK"));

        assertThat(status().phase()).isEqualTo("FINISHED");
        assertThat(status().reason()).contains("those changes are in it only");
    }

    @Test
    void wantsEverythingNamedThatMadeThePermitVoid() {
        permitted(1_800);
        desk.slotReaderSeesBeyond(FINAL + 500, FINAL + 600);
        desk.slotReaderReports("WAITING_FOR_SLOT");
        api.target().execute("update shadow.backfill_state set writes_beside = writes_beside + 1");

        assertThatThrownBy(() -> api.operator().audit(finish("WRITER_CAME_BACK")))
                .hasMessageContaining("--accept WRITTEN_BESIDE --accept READER_SILENT")
                .hasMessageNotContaining("--accept WRITER_CAME_BACK");
        assertProblem(ProblemType.PERMIT_VOID, () -> api.operator().audit(finish("WRITER_CAME_BACK", "READER_SILENT")));
        api.operator().audit(finish("WRITER_CAME_BACK", "READER_SILENT", "WRITTEN_BESIDE"));

        assertThat(status().phase()).isEqualTo("FINISHED");
    }

    @Test
    void saysSoWhenTheOldSourceIsWrittenAfterTheFinish() {
        permitted(1_800);
        api.operator().audit(finish());
        assertThat(status().reason()).doesNotContain("those changes are in it only");

        desk.slotReaderSeesBeyond(FINAL + 500, FINAL + 600);

        assertThat(status().reason()).contains("those changes are in it only");
        assertThat(hold()).isNotNull();
    }

    @Test
    void finishesNothingThatWasNotPermittedOrIsNotHeldAnyMore() {
        assertProblem(ProblemType.PERMIT_VOID, () -> api.operator().audit(finish()));
        permitted(1_800);
        CutoverAudit elsewhere = decision(CutoverDecision.FINISH, FINAL + 1, List.of());
        assertProblem(ProblemType.PERMIT_VOID, () -> api.operator().audit(elsewhere));

        // As somebody with SQL could.
        api.target().execute("update shadow.backfill_state set hold_expires_at = now() - interval '1 second'");

        assertProblem(ProblemType.PERMIT_VOID, () -> api.operator().audit(finish()));
        assertProblem(ProblemType.PERMIT_VOID, () -> api.operator().audit(finish("LET_GO")));
    }

    @Test
    void finishesNothingThatWasGivenBack() {
        permitted(1_800);
        api.operator().audit(abort());

        assertProblem(ProblemType.PERMIT_VOID, () -> api.operator().audit(finish()));
        assertProblem(ProblemType.PERMIT_VOID, () -> api.operator().audit(finish("BLOCKED")));
    }

    @Test
    void letsTheConsumerGoOnAlsoWhenWhoeverTookThePermitAwayDiesThen() {
        permitted(1_800);

        api.operator().audit(abort());

        ControlState control = api.service().controlState();
        Instant end =
                Objects.requireNonNull(Objects.requireNonNull(control.hold()).expiresAt());
        assertThat(end).isBefore(Instant.now().plusSeconds(120));
        assertThat(status().phase()).isEqualTo("CUTTING_OVER");
    }

    @Test
    void isHeldUntilThePermitIsTakenAwayWhoeverResumes() {
        permitted(1_800);

        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().resume(new ResumeRequest(desk.holder())));
        assertThat(desk.permitNow()).isNotNull();
        api.operator().audit(abort());

        assertThat(api.operator().resume(new ResumeRequest(desk.holder())).hold())
                .isNull();
    }

    @Test
    void takesAPermitAwayOnlyForWhoKnowsOfIt() {
        permitted(1_800);

        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().audit(desk.block()));

        assertThat(desk.permitNow()).isNotNull();
        assertThat(Objects.requireNonNull(hold()).expiresAt()).isNull();
    }
}
