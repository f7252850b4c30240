package io.shadowwrite.api.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.EngagedFence;
import io.shadowwrite.protocol.FenceNote;
import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ResumeRequest;
import io.shadowwrite.protocol.ShadowProblem;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A fence is known from before it is engaged until it is released, whatever becomes of the program. */
class FenceTest {

    private static final String HOLDER = "cutover x";

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

    private @Nullable EngagedFence fence() {
        return Objects.requireNonNull(api.service().status().gate()).fence();
    }

    private void engaged() {
        api.operator().halt(new HaltRequest(HOLDER, Hold.Kind.GATE, null, 60));
        api.operator().fence(new FenceNote(HOLDER, "read-only", true));
    }

    @Test
    void isKnownLongerThanTheHoldOfTheAttempt() {
        assertThat(fence()).isNull();
        engaged();

        api.operator().resume(new ResumeRequest(HOLDER));

        assertThat(fence()).extracting(EngagedFence::kind, EngagedFence::holder).containsExactly("read-only", HOLDER);
        assertThat(api.service().status().phase()).isEqualTo("VALIDATING");
        assertThat(api.service().status().nextSteps())
                .singleElement()
                .asString()
                .contains("abort --reason R --fence=read-only");
    }

    @Test
    void isForgottenWhenSomebodySaysThatItIsReleased() {
        engaged();

        api.operator().fence(new FenceNote("abort by ada", "read-only", false));

        assertThat(fence()).isNull();
        api.operator().fence(new FenceNote("abort by ada", "read-only", false));
        assertThat(fence()).isNull();
    }

    @Test
    void isNotForgottenForTheReleaseOfAnotherKind() {
        engaged();

        assertProblem(
                ProblemType.BROKEN_INVARIANT,
                () -> api.operator().fence(new FenceNote("abort by ada", "command", false)));
        assertProblem(
                ProblemType.BROKEN_INVARIANT, () -> api.operator().fence(new FenceNote(HOLDER, "command", false)));

        assertThat(fence()).extracting(EngagedFence::kind).isEqualTo("read-only");
    }

    @Test
    void isNotForgottenForTheReleaseOfAnotherAttempt() {
        engaged();

        assertProblem(
                ProblemType.BROKEN_INVARIANT,
                () -> api.operator().fence(new FenceNote("cutover before", "read-only", false)));

        assertThat(fence()).extracting(EngagedFence::holder).isEqualTo(HOLDER);
        api.operator().fence(new FenceNote(HOLDER, "read-only", false));
        assertThat(fence()).isNull();
    }

    @Test
    void isEngagedOnlyByTheAttemptThatHolds() {
        assertProblem(ProblemType.HOLD_TAKEN, () -> api.operator().fence(new FenceNote(HOLDER, "read-only", true)));
        engaged();
        assertProblem(ProblemType.HOLD_TAKEN, () -> api.operator().fence(new FenceNote("cutover y", "command", true)));

        assertThat(fence()).extracting(EngagedFence::kind).isEqualTo("read-only");
    }

    @Test
    void isToldByOperatorsAndInNames() {
        assertProblem(
                ProblemType.TOKEN_INSUFFICIENT, () -> api.service().fence(new FenceNote(HOLDER, "command", false)));
        assertProblem(ProblemType.MALFORMED_REQUEST, () -> api.operator().fence(new FenceNote(" ", "command", false)));
        assertProblem(ProblemType.MALFORMED_REQUEST, () -> api.operator().fence(new FenceNote(HOLDER, " ", true)));
        assertProblem(
                ProblemType.MALFORMED_REQUEST,
                () -> api.operator().fence(new FenceNote(HOLDER, "x".repeat(201), true)));
        api.reset();
        assertProblem(ProblemType.WINDOW_NOT_OPEN, () -> api.operator().fence(new FenceNote(HOLDER, "command", false)));
    }
}
