package io.shadowwrite.api.hold;

import static io.shadowwrite.api.TestApi.lsn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.PositionReport;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ResumeRequest;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.testsupport.Await;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.replication.LogSequenceNumber;

/** Who may hold the consumer, for how long, and who may let it go. */
class HoldTest {

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

    private static HaltRequest verifier(String holder, @Nullable LogSequenceNumber haltAt, int seconds) {
        return new HaltRequest(holder, Hold.Kind.VERIFIER, haltAt, seconds);
    }

    private static HaltRequest gate(String holder, @Nullable LogSequenceNumber haltAt) {
        return new HaltRequest(holder, Hold.Kind.GATE, haltAt, null);
    }

    private @Nullable Hold inForce() {
        return api.service().controlState().hold();
    }

    private static Instant expiry(ControlState state) {
        return Objects.requireNonNull(Objects.requireNonNull(state.hold()).expiresAt());
    }

    @Test
    void prolongsAndMovesTheHoldOfTheSameHolder() {
        Instant first = expiry(api.service().halt(verifier("v", null, 60)));

        ControlState prolonged = api.service().halt(verifier("v", lsn(3_000), 120));

        assertThat(expiry(prolonged)).isAfter(first.plusSeconds(59));
        assertThat(Objects.requireNonNull(inForce()).haltAt()).isEqualTo(lsn(3_000));
    }

    @Test
    void countsAHoldForNothingOnceItsLeaseIsOver() {
        api.service().halt(verifier("v", null, 1));
        Await.until("the lease is over", Duration.ofSeconds(30), () -> inForce() == null);

        assertThat(api.service().halt(verifier("w", null, 60)).hold())
                .extracting(Hold::holder)
                .isEqualTo("w");
    }

    @Test
    void letsAGateWithALeaseGoWhenItIsOver() {
        api.operator().halt(new HaltRequest("cutover of a test", Hold.Kind.GATE, null, 1));

        Await.until("the lease is over", Duration.ofSeconds(30), () -> inForce() == null);
    }

    @Test
    void isNotProlongedByAClockThatGoesBack() {
        Instant end = expiry(api.service().halt(verifier("v", null, 600)));

        // As if the clock had been there when it was looked at last, and was set back since.
        clockWasThere("9 minutes");
        assertThat(inForce()).as("a minute is left").isNotNull();
        api.service().report(new PositionReport(Side.VERIFIER, 0, lsn(0), lsn(0), "STREAMING", null));
        assertThat(Objects.requireNonNull(Objects.requireNonNull(inForce()).expiresAt()))
                .isBefore(end.minusSeconds(500));

        clockWasThere("2 minutes");
        assertThat(inForce()).isNull();
        api.service().report(new PositionReport(Side.VERIFIER, 0, lsn(0), lsn(0), "STREAMING", null));
        assertThat(inForce())
                .as("eleven minutes have gone by, whatever the clock says")
                .isNull();
    }

    @Test
    void givesAHoldItsWholeTimeAfterTheClockWentBack() {
        clockWasThere("1 hour");

        api.service().halt(verifier("v", null, 60));

        assertThat(inForce()).isNotNull();
    }

    private void clockWasThere(String ahead) {
        api.target().execute("update shadow.clock set seen = clock_timestamp() + interval '%s'".formatted(ahead));
    }

    @Test
    void letsOneVerifierHoldAtATime() {
        api.service().halt(verifier("v", null, 60));

        assertProblem(ProblemType.HOLD_TAKEN, () -> api.service().halt(verifier("w", null, 60)));
        assertThat(Objects.requireNonNull(inForce()).holder()).isEqualTo("v");
    }

    @Test
    void letsTheGateTakeOverAndThenNobodyElse() {
        api.service().halt(verifier("v", null, 60));

        ControlState taken = api.operator().halt(gate("gate", lsn(5_000)));

        assertThat(taken.hold()).isEqualTo(new Hold("gate", Hold.Kind.GATE, lsn(5_000), null));
        assertProblem(ProblemType.HOLD_TAKEN, () -> api.service().halt(verifier("v", null, 60)));
        assertProblem(ProblemType.HOLD_TAKEN, () -> api.service().halt(verifier("gate", null, 60)));
        assertProblem(ProblemType.HOLD_TAKEN, () -> api.operator().halt(gate("another gate", null)));
        assertThat(Objects.requireNonNull(
                                api.operator().halt(gate("gate", lsn(6_000))).hold())
                        .haltAt())
                .isEqualTo(lsn(6_000));
    }

    @Test
    void takesTheHoldOfTheGateFromAnOperatorOnly() {
        assertProblem(ProblemType.TOKEN_INSUFFICIENT, () -> api.service().halt(gate("gate", null)));

        assertThat(inForce()).isNull();
    }

    @Test
    void endsAHoldForWhoNamesItsHolder() {
        api.service().halt(verifier("v", null, 60));

        assertThat(api.service().resume(new ResumeRequest("w")).hold()).isNotNull();
        assertThat(api.service().resume(new ResumeRequest("v")).hold()).isNull();
        assertThat(api.service().resume(new ResumeRequest("v")).hold()).isNull();
    }

    @Test
    void letsAnOperatorEndTheHoldOfADeadVerifier() {
        api.service().halt(verifier("v", null, 600));

        assertThat(api.operator().resume(new ResumeRequest("v")).hold()).isNull();
    }

    @Test
    void endsTheHoldOfTheGateForAnOperatorOnly() {
        api.operator().halt(gate("gate", null));

        assertProblem(ProblemType.TOKEN_INSUFFICIENT, () -> api.service().resume(new ResumeRequest("gate")));
        assertThat(inForce()).isNotNull();
        assertThat(api.operator().resume(new ResumeRequest("gate")).hold()).isNull();
    }

    @Test
    void refusesAHoldWithoutABoundOrAName() {
        for (HaltRequest request : List.of(
                new HaltRequest("v", Hold.Kind.VERIFIER, null, null),
                verifier("v", null, 0),
                verifier("v", null, -1),
                verifier("v", null, 601),
                verifier(" ", null, 60),
                verifier("v".repeat(201), null, 60),
                new HaltRequest("gate", Hold.Kind.GATE, null, 0),
                new HaltRequest("gate", Hold.Kind.GATE, null, 601))) {
            assertProblem(ProblemType.MALFORMED_REQUEST, () -> api.operator().halt(request));
        }
    }

    @Test
    void holdsNothingBeforeAWindowIsOpen() {
        api.reset();

        assertProblem(ProblemType.WINDOW_NOT_OPEN, () -> api.service().halt(verifier("v", null, 60)));
        assertProblem(ProblemType.WINDOW_NOT_OPEN, () -> api.service().resume(new ResumeRequest("v")));
    }

    /** How a request meets a write that takes long. */
    enum Meeting {
        HALT,
        RESUME
    }

    @ParameterizedTest
    @EnumSource
    void doesNotWaitBehindALongWriteForAsLongAsItTakes(Meeting meeting) throws Exception {
        ThrowingCallable call = switch (meeting) {
            case HALT -> () -> api.service().halt(verifier("v", null, 60));
            case RESUME -> () -> api.service().resume(new ResumeRequest("v"));
        };
        try (Connection writer = api.target().connect();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("select from shadow.backfill_state for update");

            assertThatThrownBy(call).isInstanceOfSatisfying(ShadowProblem.class, problem -> {
                assertThat(problem.type()).isEqualTo(ProblemType.TARGET_CONFLICT);
                assertThat(problem.retryable()).isTrue();
                assertThat(problem.detail()).contains("ask again");
            });
            writer.rollback();
        }
        assertThat(api.service().halt(verifier("v", null, 60)).hold()).isNotNull();
    }
}
