package io.shadowwrite.api.window;

import static io.shadowwrite.api.TestApi.lsn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.api.write.Batches;
import io.shadowwrite.protocol.PositionReport;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.SessionRequest;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.Window;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Opening the window, sessions, and what readers report. */
class WindowTest {

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

    @Test
    void startsBothReadersAtTheirBaselines() {
        api.operator().openWindow(api.window());

        assertThat(api.service().positions())
                .extracting(ReaderPosition::side, ReaderPosition::position, ReaderPosition::reportedAt)
                .containsExactly(tuple(Side.CONSUMER, lsn(1_000), null), tuple(Side.VERIFIER, lsn(1_500), null));
        assertThat(api.service().controlState().epoch()).isZero();
        assertThat(api.service().verifierState().window()).isEqualTo(api.window());
        assertThat(api.service().verifierState().position()).isEqualTo(lsn(1_500));
    }

    @Test
    void opensTheSameWindowTwiceAndNoOther() {
        api.operator().openWindow(api.window());

        assertThat(api.operator().openWindow(api.window())).isEqualTo(api.window());
        assertProblem(ProblemType.WINDOW_ALREADY_OPEN, () -> api.operator().openWindow(with(api.contractHash(), 99)));
    }

    @Test
    void opensOnlyAfterTheProvenanceOfEarlierWindows() {
        provenanceAt("0/3E8");
        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.operator().openWindow(api.window()));
        assertProblem(ProblemType.WINDOW_NOT_OPEN, () -> api.service().controlState());

        api.reset();
        provenanceAt("0/3E7");
        api.operator().openWindow(api.window());
    }

    private void provenanceAt(String commitLsn) {
        api.target().execute("""
                insert into provenance.transaction (commit_lsn, xid, committed_at, change_index, write_index, operation,
                                                    channel, model, source_table, source_key)
                values ('%s', 1, now(), 0, 0, 1, 1, 1, 1, '{}')
                """.formatted(commitLsn));
    }

    @Test
    void stopsAtProvenanceThatOnlyAnotherWindowCanHaveWritten() {
        api.open();
        provenanceAt("0/7D0");

        assertProblem(
                ProblemType.BROKEN_INVARIANT,
                () -> api.service().write(Batches.batch(3_000, Batches.transaction(2_000, 0, Batches.note(1, "a")))));
    }

    private Window with(String contractHash, int requiredTicks) {
        Window window = api.window();
        return new Window(
                window.migrationId(),
                window.consumerSlot(),
                window.consumerBaseline(),
                window.verifierSlot(),
                window.verifierBaseline(),
                window.systemIdentifier(),
                window.timeline(),
                window.optionsHash(),
                contractHash,
                requiredTicks,
                window.gapPolicy(),
                window.tickClock());
    }

    @Test
    void refusesAWindowForAnotherContract() {
        assertProblem(ProblemType.CONTRACT_MISMATCH, () -> api.operator().openWindow(with("0".repeat(64), 3)));
        assertProblem(ProblemType.MALFORMED_REQUEST, () -> api.operator().openWindow(with(api.contractHash(), 0)));
    }

    @Test
    void givesEachSessionAnEpochOfItsOwn() {
        api.operator().openWindow(api.window());

        assertThat(api.service().openSession(api.session()).epoch()).isEqualTo(1);
        assertThat(api.service().openSession(api.session()).epoch()).isEqualTo(2);
    }

    @Test
    void refusesASessionOfAnotherContractDecodingOrSource() {
        assertProblem(ProblemType.WINDOW_NOT_OPEN, () -> api.service().openSession(api.session()));
        api.operator().openWindow(api.window());
        String hash = api.contractHash();

        assertProblem(ProblemType.CONTRACT_MISMATCH, () -> open("1".repeat(64), "options", "7000", 1));
        assertProblem(ProblemType.OPTIONS_DRIFT, () -> open(hash, "other", "7000", 1));
        assertProblem(ProblemType.SOURCE_CHANGED, () -> open(hash, "options", "7001", 1));
        assertProblem(ProblemType.SOURCE_CHANGED, () -> open(hash, "options", "7000", 2));
        assertThat(api.service().controlState().epoch()).isZero();
    }

    @Test
    void refusesASessionOfAnotherMigrationOrSlot() {
        api.operator().openWindow(api.window());

        for (SessionRequest stranger : List.of(session("other", "cdc_shadow_primary"), session("test", "other"))) {
            assertThatThrownBy(() -> api.service().openSession(stranger))
                    .isInstanceOfSatisfying(ShadowProblem.class, problem -> {
                        assertThat(problem.type()).isEqualTo(ProblemType.WINDOW_MISMATCH);
                        assertThat(problem.detail()).contains("other", "shadow.migration-id", "shadow.slot.name");
                    });
        }
        assertThat(api.service().controlState().epoch()).isZero();
    }

    private SessionRequest session(String migrationId, String slot) {
        return new SessionRequest("x", migrationId, slot, api.contractHash(), "options", "7000", 1);
    }

    private void open(String contractHash, String optionsHash, String system, int timeline) {
        api.service()
                .openSession(new SessionRequest(
                        "x", "test", "cdc_shadow_primary", contractHash, optionsHash, system, timeline));
    }

    @Test
    void remembersWhatReadersReportButNotFromAFencedOne() {
        api.open();
        PositionReport report = new PositionReport(Side.CONSUMER, 1, lsn(3_000), lsn(1_000), "HALTED", "schema drift");

        api.service().report(report);
        api.service().report(new PositionReport(Side.VERIFIER, 0, lsn(4_000), lsn(1_500), "STREAMING", null));

        List<ReaderPosition> positions = api.service().positions();
        assertThat(positions.get(0).received()).isEqualTo(lsn(3_000));
        assertThat(positions.get(0).position()).isEqualTo(lsn(1_000));
        assertThat(positions.get(0).reason()).isEqualTo("schema drift");
        assertThat(positions.get(0).reportedAt()).isNotNull();
        assertThat(positions.get(1).state()).isEqualTo("STREAMING");
        api.service().openSession(api.session());
        assertProblem(ProblemType.EPOCH_FENCED, () -> api.service().report(report));
    }
}
