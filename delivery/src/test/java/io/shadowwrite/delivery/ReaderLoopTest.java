package io.shadowwrite.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.delivery.testing.SourceFixture;
import io.shadowwrite.protocol.PatientCaller;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.protocol.ShadowApiClient;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.stream.Pace;
import io.shadowwrite.testsupport.Await;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.replication.LogSequenceNumber;

/** What ends a round, what begins the next one, and what halts; the API is away all the time. */
@Timeout(60)
class ReaderLoopTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration FOREVER = Duration.ofMinutes(10);

    private final Progress progress = new Progress();
    private final StopSignal stop = new StopSignal();
    private final AtomicInteger rounds = new AtomicInteger();

    @AfterEach
    void stop() {
        stop.raise();
        awaitState(ReaderState.STOPPING);
    }

    @ParameterizedTest
    @CsvSource({
        "EPOCH_FENCED, WAITING_FOR_SLOT",
        "WINDOW_NOT_OPEN, STARTING",
        "OUT_OF_TURN, STARTING",
        "TARGET_UNAVAILABLE, STARTING"
    })
    void waitsBeforeTheNextRoundAndSaysWhy(ProblemType type, ReaderState state) {
        startWithPause(FOREVER, () -> {
            throw new ShadowProblem(type, "as the test wants it");
        });

        awaitReason(type.name());
        assertThat(progress.situation().state()).isEqualTo(state);
        assertThat(rounds).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOCH_FENCED", "WINDOW_NOT_OPEN", "OUT_OF_TURN"})
    void goesRoundAgainAfterThePause(ProblemType type) {
        startWithPause(Duration.ofMillis(1), () -> {
            throw new ShadowProblem(type, "as the test wants it");
        });

        Await.until("a third round", PATIENCE, () -> rounds.get() >= 3);
    }

    @Test
    void haltsWhenRoundsAreOutOfTurnAndThePositionDoesNotMove() {
        startWithPause(Duration.ofMillis(1), () -> {
            throw new ShadowProblem(ProblemType.OUT_OF_TURN, "it continues from elsewhere");
        });

        awaitState(ReaderState.HALTED);
        assertThat(progress.situation().reason())
                .contains("OUT_OF_TURN", "10 rounds in a row", "docs/runbook.md#out-of-turn");
        assertThat(rounds).hasValue(ReaderLoop.MOST_OUT_OF_TURN);
        assertThat(progress.outOfTurnRounds()).isEqualTo(ReaderLoop.MOST_OUT_OF_TURN);
    }

    @Test
    void roundsBetweenWhichThePositionMovesAreNotCountedTogether() {
        startWithPause(Duration.ofMillis(1), () -> {
            progress.applied(LogSequenceNumber.valueOf(1_000L - rounds.get()));
            throw new ShadowProblem(ProblemType.OUT_OF_TURN, "the target went back once more");
        });

        Await.until("many rounds", PATIENCE, () -> rounds.get() >= 3 * ReaderLoop.MOST_OUT_OF_TURN);
        assertThat(progress.situation().state()).isEqualTo(ReaderState.STARTING);
        assertThat(progress.outOfTurnRounds()).isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"OUT_OF_ORDER", "BROKEN_INVARIANT", "WRITE_REJECTED"})
    void haltsAtOnceForWhatAPersonMustDecide(ProblemType type) {
        startWithPause(Duration.ofMillis(1), () -> {
            throw new ShadowProblem(type, "as the test wants it");
        });

        awaitState(ReaderState.HALTED);
        assertThat(progress.situation().reason()).contains(type.name());
        assertThat(rounds).hasValue(1);
    }

    @Test
    void haltsWhenTheApiRefusesForGoodAndNamesTheSectionOfTheRunbook() {
        startWithPause(FOREVER, () -> {
            throw new ShadowProblem(ProblemType.CONTRACT_MISMATCH, "the window has the hash 0123abcd");
        });

        awaitState(ReaderState.HALTED);
        assertThat(progress.situation().reason())
                .contains("0123abcd", SourceFixture.contract().sha256(), "docs/runbook.md#contract-mismatch");
    }

    @Test
    void aSlotInUseIsWaitedForAndOneThatIsAheadHalts() {
        startWithPause(Duration.ofMillis(1), () -> {
            throw rounds.get() == 1
                    ? new StreamProblem(StreamProblem.Code.SLOT_IN_USE, "another reads it", "Wait")
                    : new StreamProblem(StreamProblem.Code.SLOT_AHEAD, "it has gone on", "Load again");
        });

        awaitState(ReaderState.HALTED);
        assertThat(progress.situation().reason()).contains("SLOT_AHEAD");
        assertThat(rounds).hasValue(2);
    }

    @Test
    void whatNobodyExpectsHaltsInsteadOfLookingLikeAQuietSource() {
        startWithPause(FOREVER, () -> {
            throw new AssertionError("of the test");
        });

        awaitState(ReaderState.HALTED);
        assertThat(progress.situation().reason()).contains("UNEXPECTED", "AssertionError");
    }

    private void startWithPause(Duration retry, Round round) {
        PatientCaller patient = new PatientCaller(stop);
        Reports reports = new Reports(
                ShadowApiClient.connect(URI.create("http://127.0.0.1:1"), "token", Duration.ofSeconds(1)),
                patient,
                progress,
                Side.VERIFIER,
                () -> 0,
                Duration.ofMillis(100),
                Pace.OF_THE_MACHINE);
        Round counted = () -> {
            rounds.incrementAndGet();
            round.run();
        };
        Thread.ofPlatform()
                .daemon()
                .start(new ReaderLoop(
                        counted,
                        SourceFixture.contract(),
                        reports,
                        progress,
                        stop,
                        new ReaderLoop.Pauses(retry, Duration.ofMillis(100))));
    }

    private void awaitReason(String part) {
        Await.untilValue(
                "the reason has " + part,
                PATIENCE,
                () -> String.valueOf(progress.situation().reason()),
                reason -> reason.contains(part));
    }

    private void awaitState(ReaderState state) {
        Await.untilValue(
                "the reader is " + state, PATIENCE, progress::situation, situation -> situation.state() == state);
    }
}
