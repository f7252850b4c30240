package io.shadowwrite.api.problem;

import static io.shadowwrite.api.TestApi.lsn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.PositionReport;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReceiptBatch;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.VerifierRun;
import io.shadowwrite.protocol.Window;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

/** Refusals that belong to no story of their own. */
class RouteProblemsTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final TestApi api = TestApi.shared();

    @BeforeEach
    void empty() {
        api.reset();
    }

    private static void assertProblem(ProblemType type, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.type()).isEqualTo(type));
    }

    private static PositionReport report(Side side, long epoch) {
        return new PositionReport(side, epoch, lsn(3_000), lsn(1_000), "STARTING", "no slot yet");
    }

    @Test
    void knowsNoReaderBeforeAWindowIsOpen() {
        assertProblem(ProblemType.WINDOW_NOT_OPEN, () -> api.service().positions());
        assertProblem(ProblemType.WINDOW_NOT_OPEN, () -> api.service().report(report(Side.CONSUMER, 0)));
        assertProblem(ProblemType.WINDOW_NOT_OPEN, () -> api.service().report(report(Side.VERIFIER, 0)));
        assertProblem(ProblemType.WINDOW_NOT_OPEN, () -> api.service().verifierState());
        assertProblem(
                ProblemType.WINDOW_NOT_OPEN,
                () -> api.service().attest(new ReceiptBatch(lsn(1_500), lsn(2_000), List.of())));
    }

    @Test
    void hearsAConsumerBeforeAnySession() {
        api.operator().openWindow(api.window());

        api.service().report(report(Side.CONSUMER, 0));

        assertThat(api.service().positions().getFirst().reason()).isEqualTo("no slot yet");
        assertProblem(ProblemType.EPOCH_FENCED, () -> api.service().report(report(Side.CONSUMER, 1)));
    }

    @Test
    void opensNoWindowThatCannotBe() {
        Window window = api.window();

        assertProblem(
                ProblemType.MALFORMED_REQUEST,
                () -> api.operator().openWindow(window("another migration", window.verifierBaseline())));
        assertProblem(
                ProblemType.MALFORMED_REQUEST, () -> api.operator().openWindow(window(window.migrationId(), lsn(999))));
        assertThat(api.service().status().phase()).isEqualTo("NOT_OPEN");
    }

    private Window window(String migrationId, LogSequenceNumber verifierBaseline) {
        Window window = api.window();
        return new Window(
                migrationId,
                window.consumerSlot(),
                window.consumerBaseline(),
                window.verifierSlot(),
                verifierBaseline,
                window.systemIdentifier(),
                window.timeline(),
                window.optionsHash(),
                window.contractHash(),
                window.requiredTicks(),
                window.gapPolicy(),
                window.tickClock());
    }

    @Test
    void refusesASessionWhenItsOwnContractIsNotThatOfTheWindow() {
        api.operator().openWindow(api.window());
        api.target().execute("update shadow.backfill_state set contract_hash = repeat('2', 64)");

        assertThatThrownBy(() -> api.service().openSession(api.session()))
                .isInstanceOfSatisfying(ShadowProblem.class, problem -> {
                    assertThat(problem.type()).isEqualTo(ProblemType.CONTRACT_MISMATCH);
                    assertThat(problem.detail()).contains("2".repeat(64));
                });
    }

    @Test
    void storesNoRunThatCountsFewerFindingsThanItBrings() {
        api.open();
        VerifierRun run = new VerifierRun(
                UUID.randomUUID(),
                "hourly",
                null,
                TickClock.SOURCE,
                "barrier",
                null,
                NOON,
                NOON,
                Verdict.CLEAN,
                "a reason",
                0,
                List.of(),
                -1,
                List.of(),
                List.of());

        assertProblem(ProblemType.MALFORMED_REQUEST, () -> api.service().storeRun(run));
        assertThat(api.service().runs(1, null, null, null).runs()).isEmpty();
    }
}
