package io.shadowwrite.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.verification.session.VerificationProblem;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.replication.LogSequenceNumber;

@Timeout(30)
class ApiCallsTest {

    private final ApiCalls calls =
            new ApiCalls(new Patience(Duration.ofMillis(500)), 1, LogSequenceNumber.valueOf(4_711));

    @Test
    void waitsLongerForAnApiThatIsBusyThanForOneThatIsGone() {
        Patience patience = new Patience(Duration.ZERO, Duration.ofSeconds(20));
        AtomicInteger asked = new AtomicInteger();

        String answer = patience.call(() -> {
            if (asked.incrementAndGet() < 3) {
                throw new ShadowProblem(ProblemType.READERS_BUSY, "all reads are under way");
            }
            return "answer";
        });

        assertThat(answer).isEqualTo("answer");
        assertThatThrownBy(() -> patience.call(() -> {
                    throw new ShadowProblem(ProblemType.TARGET_UNAVAILABLE, "gone");
                }))
                .hasMessageContaining("did not answer");
    }

    @Test
    void saysThatTheApiWasBusyAndNotThatItWasGone() {
        Patience patience = new Patience(Duration.ofSeconds(20), Duration.ZERO);

        assertThatThrownBy(() -> patience.call(() -> {
                    throw new ShadowProblem(ProblemType.READERS_BUSY, "all reads are under way");
                }))
                .isInstanceOfSatisfying(ShadowProblem.class, problem -> {
                    assertThat(problem.type()).isEqualTo(ProblemType.READERS_BUSY);
                    assertThat(problem).hasMessageContaining("shadow.read.pool-size");
                });
    }

    @Test
    void goesOnAfterACallThatFailed() {
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> calls.call("a stream", () -> {
                        throw new ShadowProblem(ProblemType.READ_TOO_LONG, "too long");
                    }))
                    .isInstanceOfSatisfying(VerificationProblem.class, problem -> {
                        assertThat(problem.code()).isEqualTo(VerificationProblem.Code.READ_FAILED);
                        assertThat(problem).hasMessageContaining("docs/runbook.md#read-too-long");
                    });
        }
    }

    @Test
    void refusesAnAnswerOfTheSamePositionBehindAWriteBesideTheStream() {
        calls.require(LogSequenceNumber.valueOf(4_711), 7);
        calls.require(LogSequenceNumber.valueOf(4_711), 7);

        for (long other : new long[] {6, 8}) {
            assertThatThrownBy(() -> calls.require(LogSequenceNumber.valueOf(4_711), other))
                    .isInstanceOfSatisfying(
                            VerificationProblem.class,
                            problem -> assertThat(problem.code()).isEqualTo(VerificationProblem.Code.MOVED));
        }
    }

    @Test
    void refusesAnAnswerOfAnotherPosition() {
        calls.require(LogSequenceNumber.valueOf(4_711));

        for (long other : new long[] {4_710, 4_712}) {
            assertThatThrownBy(() -> calls.require(LogSequenceNumber.valueOf(other)))
                    .isInstanceOfSatisfying(
                            VerificationProblem.class,
                            problem -> assertThat(problem.code()).isEqualTo(VerificationProblem.Code.MOVED));
        }
    }
}
