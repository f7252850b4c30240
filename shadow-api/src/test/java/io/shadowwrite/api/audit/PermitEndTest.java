package io.shadowwrite.api.audit;

import static io.shadowwrite.api.audit.GateDesk.FINAL;
import static io.shadowwrite.api.audit.GateDesk.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.AuditPage;
import io.shadowwrite.protocol.CutoverAudit;
import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.Permit;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ResumeRequest;
import io.shadowwrite.testsupport.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A permit ends with anything that it rests on. */
class PermitEndTest {

    private final TestApi api = TestApi.shared();
    private final GateDesk desk = new GateDesk(api);

    @BeforeEach
    void openWindow() {
        api.open();
    }

    @Test
    void ordersNothingAfterTheEndOfAPermit() {
        api.operator().audit(desk.permit(desk.grounds(), 1));

        Await.until("the permit is over", Duration.ofSeconds(30), () -> desk.permitNow() == null);
    }

    @Test
    void endsAPermitWithALaterBlock() {
        api.operator().audit(desk.permit(desk.grounds(), 1_800));

        api.operator().audit(desk.blockOfPermit());

        assertThat(desk.permitNow()).isNull();
    }

    @Test
    void endsAPermitWhenTheGateLetsGo() {
        api.operator().audit(desk.permit(desk.grounds(), 1_800));

        desk.holdNobody();
        assertThat(desk.permitNow()).isNull();

        api.target().execute("update shadow.backfill_state set writes_beside = writes_beside + 1");
        desk.hold();
        assertThat(desk.permitNow()).as("something else was written in between").isNull();
    }

    @Test
    void endsAPermitWhenAWriterComesBack() {
        api.operator().audit(desk.permit(desk.grounds(), 1_800));
        assertThat(desk.permitNow()).isNotNull();

        desk.slotReaderSeesBeyond(FINAL + 500, FINAL + 600);

        assertThat(desk.permitNow()).isNull();
        assertThat(desk.withoutPermit()).contains("a writer of the source");
    }

    @Test
    void tellsOfNoPermitWhileNobodyWouldSeeAWriterThatComesBack() {
        api.operator().audit(desk.permit(desk.grounds(), 1_800));

        desk.slotReaderReports("WAITING_FOR_SLOT");
        assertThat(desk.permitNow()).isNull();
        assertThat(desk.withoutPermit()).contains("slot reader");
        desk.slotReaderReports("STREAMING");
        assertThat(desk.permitNow()).isNotNull();
        api.target()
                .execute("update shadow.reader_position set reported_at = now() - interval '2 minutes' where side = 2");
        assertThat(desk.permitNow()).isNull();
    }

    @Test
    void doesNotExtendAPermitWhenTheClockGoesBack() {
        api.operator().audit(desk.permit(desk.grounds(), 1_800));

        // As if the clock had been there when it was looked at last, and was set back since.
        api.target().execute("update shadow.clock set seen = clock_timestamp() + interval '29 minutes'");
        assertThat(desk.permitNow()).as("a minute is left").isNotNull();
        desk.slotReaderReports("STREAMING");
        Permit permit = Objects.requireNonNull(desk.permitNow());
        assertThat(permit.expiresAt()).isBefore(Instant.now().plusSeconds(120));

        api.target().execute("update shadow.clock set seen = clock_timestamp() + interval '2 minutes'");
        assertThat(desk.permitNow()).isNull();
        desk.slotReaderReports("STREAMING");
        assertThat(desk.permitNow())
                .as("31 minutes have gone by, whatever the clock says")
                .isNull();
        assertThat(desk.withoutPermit()).contains("time ran out");
    }

    @Test
    void knowsTheLatestDecisionEvenWhenTheClockWentBackInBetween() {
        api.operator().audit(desk.permit(desk.grounds(), 1_800));
        api.target().execute("alter table shadow.cutover_audit disable trigger append_only");
        api.target().execute("update shadow.cutover_audit set recorded_at = recorded_at + interval '10 minutes'");
        api.target().execute("alter table shadow.cutover_audit enable always trigger append_only");

        CutoverAudit block = desk.blockOfPermit();
        api.operator().audit(block);

        assertThat(desk.permitNow()).isNull();
        assertThat(ids(api.operator().audits(1, null, null))).containsExactly(block.auditId());
    }

    private static List<UUID> ids(AuditPage page) {
        return page.entries().stream().map(entry -> entry.audit().auditId()).toList();
    }

    @Test
    void endsTheLeaseOfTheGateWithThePermit() {
        UUID run = desk.grounds();
        assertThat(api.service().status().phase()).isEqualTo("CUTTING_OVER");

        api.operator().audit(desk.permit(run, 900));

        assertThat(Objects.requireNonNull(api.service().controlState().hold()).expiresAt())
                .isNull();
        assertThat(api.service().status().phase()).isEqualTo("PERMITTED");
    }

    @Test
    void endsAPermitWithTheLeaseOfTheGate() {
        UUID run = desk.grounds();
        api.operator().audit(desk.permit(run, 1_800));

        api.target().execute("update shadow.backfill_state set hold_expires_at = now() - interval '1 second'");

        assertThat(desk.permitNow()).isNull();
    }

    @Test
    void givesTheGateToNoAttemptThatIsDecided() {
        CutoverAudit block = desk.block();
        String holder = "cutover %s fence=operator by ada".formatted(block.auditId());
        api.operator().halt(new HaltRequest(holder, Hold.Kind.GATE, null, 60));
        api.operator().audit(block);
        api.operator().resume(new ResumeRequest(holder));

        assertProblem(
                ProblemType.BROKEN_INVARIANT,
                () -> api.operator().halt(new HaltRequest(holder, Hold.Kind.GATE, null, 60)));

        assertThat(api.service().controlState().hold()).isNull();
        String another = "cutover %s by ada".formatted(desk.newId());
        assertThat(api.operator()
                        .halt(new HaltRequest(another, Hold.Kind.GATE, null, 60))
                        .hold())
                .isNotNull();
    }

    @Test
    void isNotRevivedByAReaderThatWasSilentForAMinute() {
        api.operator().audit(desk.permit(desk.grounds(), 1_800));
        desk.slotReaderReports("WAITING_FOR_SLOT");
        desk.slotReaderReports("STREAMING");
        assertThat(desk.permitNow()).as("it was away for a moment").isNotNull();

        api.target()
                .execute(
                        "update shadow.reader_position set streamed_at = now() - interval '61 seconds' where side = 2");
        desk.slotReaderReports("STREAMING");

        assertThat(desk.permitNow()).isNull();
        assertThat(desk.withoutPermit()).contains("silent for a minute");
        desk.slotReaderReports("STREAMING");
        assertThat(desk.permitNow()).as("it stays void").isNull();
    }
}
