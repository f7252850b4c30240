package io.shadowwrite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.EngagedFence;
import io.shadowwrite.protocol.GapPolicy;
import io.shadowwrite.protocol.GateState;
import io.shadowwrite.protocol.Status;
import io.shadowwrite.protocol.TickClock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whoever is told what to do next may be the second who asked. */
class WithoutPermitTest {

    private static final String ABORT = "./shadow cutover abort --reason R --fence=command";
    private static final String OF_STATUS = "what the status says";

    private static Status standing(String phase, @Nullable EngagedFence fence) {
        return new Status(
                phase,
                false,
                "of the test",
                List.of(),
                List.of(),
                0,
                null,
                null,
                null,
                0,
                168,
                GapPolicy.RESET,
                TickClock.SOURCE,
                null,
                0,
                null,
                new GateState(1, null, null, null, "of the test", fence),
                List.of(OF_STATUS));
    }

    private static List<String> next(boolean begun, boolean undone, @Nullable Status now) {
        return new WithoutPermit(begun, undone, ABORT, now).next();
    }

    @Test
    void letsNobodyWriteAndAbortsNothingWhileAnotherHoldsOrHasFinished() {
        for (String phase : List.of("CUTTING_OVER", "PERMITTED", "UNDECIDED", "FINISHED")) {
            for (boolean begun : List.of(true, false)) {
                assertThat(next(begun, true, standing(phase, null))).containsExactly(OF_STATUS);
                assertThat(next(begun, false, standing(phase, null))).containsExactly(OF_STATUS);
            }
        }
    }

    @Test
    void saysWhatTheStatusSaysWhenNothingWasBegun() {
        assertThat(next(false, true, standing("VALIDATING", null))).containsExactly(OF_STATUS);
        assertThat(next(false, false, standing("VALIDATING", null))).containsExactly(OF_STATUS);
    }

    @Test
    void letsTheWritersGoOnWhenEverythingIsAsBefore() {
        assertThat(next(true, true, standing("VALIDATING", null)))
                .singleElement()
                .asString()
                .contains("let the writers go on");
    }

    @Test
    void undoesTheRestOfItsOwn() {
        assertThat(next(true, false, standing("VALIDATING", null)))
                .singleElement()
                .asString()
                .endsWith(ABORT);
    }

    @Test
    void namesAFenceThatStillStands() {
        EngagedFence fence = new EngagedFence("read-only", "cutover x", Instant.EPOCH);

        assertThat(next(true, true, standing("VALIDATING", fence))).containsExactly(OF_STATUS);
    }

    @Test
    void asksFirstWhenNobodyKnows() {
        assertThat(next(true, true, null)).singleElement().asString().contains("./shadow cutover status");
        assertThat(next(false, false, null)).singleElement().asString().contains("./shadow cutover status");
    }
}
