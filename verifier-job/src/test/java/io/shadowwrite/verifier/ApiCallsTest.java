package io.shadowwrite.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.verification.session.VerificationProblem;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.replication.LogSequenceNumber;

@Timeout(30)
class ApiCallsTest {

    private final ApiCalls calls =
            new ApiCalls(new Patience(Duration.ofMillis(500)), 1, LogSequenceNumber.valueOf(4_711));

    @Test
    void letsALookUpThroughWhileTheOnlyStreamIsRead() {
        assertThat(calls.call("a stream", () -> calls.lookup("a row", () -> "found")))
                .isEqualTo("found");
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
