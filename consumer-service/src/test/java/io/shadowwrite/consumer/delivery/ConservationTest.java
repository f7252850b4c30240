package io.shadowwrite.consumer.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.delivery.Halt;
import io.shadowwrite.protocol.ChangeCount;
import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.Disposition;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.WriteResult;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.replication.LogSequenceNumber;

/** Whether an answer accounts for every change that was sent. */
class ConservationTest {

    private static WriteResult judging(long changes) {
        return new WriteResult(
                2,
                1,
                List.of(
                        new ChangeCount(Operation.INSERT, Disposition.APPLIED, changes - 1),
                        new ChangeCount(Operation.DELETE, Disposition.FILTERED, 1)),
                new ControlState(LogSequenceNumber.valueOf(1), 1, null));
    }

    @Test
    void whatIsFreshIsJudgedExactly() {
        Conservation.require(0, 5, judging(5));

        for (long judged : List.of(4L, 6L)) {
            assertThatThrownBy(() -> Conservation.require(0, 5, judging(judged)))
                    .isInstanceOf(Halt.class)
                    .hasMessageContaining("BROKEN_INVARIANT");
        }
    }

    @ParameterizedTest
    @CsvSource({"5, true", "6, true", "8, true", "4, false", "9, false"})
    void whatWasAppliedBeforeMayHaveLostReceiptsAndNeverHasMore(long judged, boolean conserved) {
        boolean passes = true;
        try {
            Conservation.require(3, 5, judging(judged));
        } catch (Halt halt) {
            passes = false;
        }
        assertThat(passes).isEqualTo(conserved);
    }
}
