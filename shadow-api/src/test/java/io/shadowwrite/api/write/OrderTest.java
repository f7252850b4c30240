package io.shadowwrite.api.write;

import static io.shadowwrite.api.TestApi.lsn;
import static io.shadowwrite.api.write.Batches.batch;
import static io.shadowwrite.api.write.Batches.city;
import static io.shadowwrite.api.write.Batches.country;
import static io.shadowwrite.api.write.Batches.partner;
import static io.shadowwrite.api.write.Batches.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ResumeRequest;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.protocol.WriteResult;
import io.shadowwrite.testsupport.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Position, epoch and hold. */
class OrderTest {

    private static final TransactionWrites FIRST = transaction(2_000, 0, partner(1, "a", "1", null));
    private static final TransactionWrites SECOND = transaction(2_100, 0, partner(1, "b", "1", null));
    private static final TransactionWrites THIRD = transaction(2_200, 0, partner(1, "c", "1", null));

    private final TestApi api = TestApi.shared();

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

    private List<String> names() {
        return api.target().queryForList("select name from unified.partner order by valid_from");
    }

    @Test
    void appliesOnlyWhatIsNewOfBatchesThatOverlap() {
        api.service().write(batch(2_150, FIRST, SECOND));

        WriteResult result = api.service().write(batch(2_500, SECOND, THIRD));

        assertThat(result.applied()).isEqualTo(2);
        assertThat(result.replayed()).isEqualTo(1);
        assertThat(names()).containsExactly("a", "b", "c");
    }

    @Test
    void takesAStaleBatchForAReplayAndKeepsItsPosition() {
        api.service().write(batch(2_500, FIRST, SECOND, THIRD));

        WriteResult result = api.service().write(batch(2_050, FIRST));

        assertThat(result.replayed()).isEqualTo(1);
        assertThat(result.control().position()).isEqualTo(lsn(2_500));
    }

    @Test
    void movesThePositionWithoutTransactions() {
        assertThat(api.service().write(batch(3_000)).control().position()).isEqualTo(lsn(3_000));
    }

    @Test
    void refusesTransactionsThatAreOutOfOrder() {
        assertProblem(ProblemType.OUT_OF_ORDER, () -> api.service().write(batch(2_500, SECOND, FIRST)));
        assertProblem(ProblemType.OUT_OF_ORDER, () -> api.service().write(batch(2_500, FIRST, FIRST)));
        assertProblem(ProblemType.OUT_OF_ORDER, () -> api.service().write(batch(2_100, FIRST, SECOND)));
        TransactionWrites endless = new TransactionWrites(lsn(2_000), lsn(2_000), 1, Batches.NOON, FIRST.changes());
        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.service().write(batch(2_500, endless)));
    }

    @Test
    void fencesEveryEpochButTheNewest() {
        long second = api.service().openSession(api.session()).epoch();

        assertThat(second).isEqualTo(2);
        assertProblem(ProblemType.EPOCH_FENCED, () -> api.service().write(batch(2_500, FIRST)));
        assertThat(api.service()
                        .write(new WriteBatch(second, lsn(2_500), List.of(FIRST)))
                        .applied())
                .isEqualTo(1);
    }

    @Test
    void refusesToWriteBeforeAWindowIsOpen() {
        api.reset();

        assertProblem(ProblemType.WINDOW_NOT_OPEN, () -> api.service().write(batch(2_500)));
        assertProblem(ProblemType.WINDOW_NOT_OPEN, () -> api.service().controlState());
    }

    @Test
    void cutsABatchExactlyAtTheHold() {
        api.service().halt(new HaltRequest("verifier-1", Hold.Kind.VERIFIER, lsn(2_100), 60));

        WriteResult result = api.service().write(batch(2_500, FIRST, SECOND, THIRD));

        assertThat(result.applied()).isEqualTo(1);
        assertThat(result.control().position()).isEqualTo(lsn(2_100));
        assertThat(names()).containsExactly("a");

        api.service().resume(new ResumeRequest("verifier-1"));
        WriteResult rest = api.service().write(batch(2_500, SECOND, THIRD));
        assertThat(rest.control().position()).isEqualTo(lsn(2_500));
        assertThat(names()).containsExactly("a", "b", "c");
    }

    @Test
    void appliesNothingUnderAHoldWithoutAPoint() {
        api.service().write(batch(2_050, FIRST));
        api.service().halt(new HaltRequest("verifier-1", Hold.Kind.VERIFIER, null, 60));

        WriteResult result = api.service().write(batch(2_500, FIRST, SECOND));

        assertThat(result.applied()).isEqualTo(1);
        assertThat(result.replayed()).isEqualTo(1);
        assertThat(result.control().position()).isEqualTo(lsn(2_050));
        assertThat(result.control().hold()).isNotNull();
    }

    @Test
    void goesOnWhenTheLeaseIsOver() {
        api.service().halt(new HaltRequest("verifier-1", Hold.Kind.VERIFIER, null, 1));

        Await.until(
                "the batch is applied",
                Duration.ofSeconds(10),
                () -> api.service()
                        .write(batch(2_500, FIRST))
                        .control()
                        .position()
                        .equals(lsn(2_500)));

        assertThat(api.service().controlState().hold()).isNull();
    }

    @Test
    void letsTheGateWinOverTheVerifierAndNeverTheOtherWayRound() {
        api.service().halt(new HaltRequest("verifier-1", Hold.Kind.VERIFIER, null, 60));
        assertProblem(
                ProblemType.HOLD_TAKEN,
                () -> api.service().halt(new HaltRequest("verifier-2", Hold.Kind.VERIFIER, null, 60)));
        assertProblem(
                ProblemType.TOKEN_INSUFFICIENT,
                () -> api.service().halt(new HaltRequest("gate", Hold.Kind.GATE, lsn(2_100), null)));

        api.operator().halt(new HaltRequest("gate", Hold.Kind.GATE, lsn(2_100), null));

        assertProblem(
                ProblemType.HOLD_TAKEN,
                () -> api.service().halt(new HaltRequest("verifier-1", Hold.Kind.VERIFIER, null, 60)));
        api.service().resume(new ResumeRequest("verifier-1"));
        assertThat(api.service().controlState().hold()).isNotNull();
        assertProblem(ProblemType.TOKEN_INSUFFICIENT, () -> api.service().resume(new ResumeRequest("gate")));
        assertThat(api.operator().resume(new ResumeRequest("gate")).hold()).isNull();
    }

    @Test
    void asksTheVerifierForALeaseAndTheGateForABoundedOneIfAny() {
        assertProblem(
                ProblemType.MALFORMED_REQUEST,
                () -> api.service().halt(new HaltRequest("verifier-1", Hold.Kind.VERIFIER, null, null)));
        assertProblem(
                ProblemType.MALFORMED_REQUEST,
                () -> api.operator().halt(new HaltRequest("gate", Hold.Kind.GATE, null, 601)));
    }

    @Test
    void givesManyEqualBatchesAtOnceOneOutcome() throws Exception {
        WriteBatch batch = batch(2_500, FIRST, SECOND, THIRD);
        List<WriteResult> results = new ArrayList<>();
        try (ExecutorService callers = Executors.newFixedThreadPool(6)) {
            List<Future<WriteResult>> calls = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                calls.add(callers.submit(() -> api.service().write(batch)));
            }
            for (Future<WriteResult> call : calls) {
                results.add(call.get());
            }
        }

        assertThat(results).allSatisfy(result -> assertThat(result.applied()).isEqualTo(3));
        assertThat(results).filteredOn(result -> result.replayed() == 0).hasSize(1);
        assertThat(names()).containsExactly("a", "b", "c");
    }

    @Test
    void aBatchThatComesBeforeItsTurnIsAppliedAfterTheOneItContinues() throws Exception {
        try (ExecutorService caller = Executors.newSingleThreadExecutor()) {
            Future<WriteResult> second = caller.submit(() -> api.service().write(continuing(2_050, 2_500, SECOND)));
            api.service().write(batch(2_050, FIRST));

            assertThat(second.get().control().position()).isEqualTo(lsn(2_500));
        }
        assertThat(names()).containsExactly("a", "b");
    }

    @Test
    void aBatchWhoseTurnDoesNotComeLeavesNothing() {
        assertProblem(ProblemType.OUT_OF_TURN, () -> api.service().write(continuing(2_050, 2_500, SECOND)));

        assertThat(names()).isEmpty();
        assertThat(api.service().controlState().position()).isEqualTo(TestApi.BASELINE);
    }

    @Test
    void aRefusedBatchLetsNothingThatContinuesItPass() {
        TransactionWrites refused = transaction(2_000, 0, country("DE", "Germany", null), city(1, "XX", "nowhere"));
        assertProblem(ProblemType.WRITE_REJECTED, () -> api.service().write(continuing(1_000, 2_050, refused)));

        assertProblem(ProblemType.OUT_OF_TURN, () -> api.service().write(continuing(2_050, 2_500, SECOND)));
        assertThat(names()).isEmpty();
    }

    @Test
    void aHoldThatStopsTheBatchBeforeIsAnsweredAtOnce() {
        api.service().halt(new HaltRequest("verifier-1", Hold.Kind.VERIFIER, lsn(2_000), 60));
        api.service().write(batch(2_050, FIRST));

        WriteResult result = api.service().write(continuing(2_050, 2_500, SECOND));

        assertThat(result.applied()).isZero();
        assertThat(result.control().position()).isEqualTo(lsn(2_000));
        assertThat(names()).isEmpty();
    }

    @Test
    void aFenceReachesABatchThatWaitsForItsTurn() throws Exception {
        try (ExecutorService caller = Executors.newSingleThreadExecutor()) {
            Future<WriteResult> second = caller.submit(() -> api.service().write(continuing(2_050, 2_500, SECOND)));
            api.service().openSession(api.session());

            assertThatThrownBy(second::get)
                    .cause()
                    .isInstanceOfSatisfying(
                            ShadowProblem.class,
                            problem -> assertThat(problem.type()).isEqualTo(ProblemType.EPOCH_FENCED));
        }
    }

    private static WriteBatch continuing(long from, long completeBelow, TransactionWrites... transactions) {
        return new WriteBatch(1, lsn(from), lsn(completeBelow), List.of(transactions));
    }
}
