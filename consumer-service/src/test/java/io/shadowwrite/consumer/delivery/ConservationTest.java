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
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.replication.LogSequenceNumber;

/** Whether an answer accounts for every change that was sent. */
class ConservationTest {

    private static WriteResult answer(int forgotten, long repeated, long judged) {
        return new WriteResult(
                3,
                2,
                forgotten,
                repeated,
                List.of(
                        new ChangeCount(Operation.INSERT, Disposition.APPLIED, judged - 1),
                        new ChangeCount(Operation.DELETE, Disposition.FILTERED, 1)),
                new ControlState(LogSequenceNumber.valueOf(1), 1, null));
    }

    private static boolean passes(ThrowingCallable check) {
        try {
            check.call();
            return true;
        } catch (Throwable refused) {
            assertThat(refused).isInstanceOf(Halt.class).hasMessageContaining("BROKEN_INVARIANT");
            return false;
        }
    }

    /** Three changes were applied before, five just now. */
    @ParameterizedTest
    @CsvSource({"3, 5, true", "3, 4, false", "3, 6, false", "2, 5, false", "4, 5, false", "4, 4, false", "2, 6, false"})
    void whatIsFreshAndWhatIsRepeatedEachAddUp(long repeated, long judged, boolean conserved) {
        assertThat(passes(() -> Conservation.require(3, 5, answer(1, repeated, judged))))
                .isEqualTo(conserved);
    }

    @Test
    void receiptsOfWhatIsRepeatedNeverStandForWhatIsFresh() {
        // As many in all as were sent, and of the fresh ones nothing became anything.
        WriteResult answer =
                new WriteResult(2, 1, 0, 15, List.of(), new ControlState(LogSequenceNumber.valueOf(1), 1, null));

        assertThatThrownBy(() -> Conservation.require(10, 5, answer)).isInstanceOf(Halt.class);
    }

    /** Seven changes were on their way when the answer came. */
    @ParameterizedTest
    @CsvSource({"0, 7, true", "0, 20, true", "0, 6, false", "1, 0, true"})
    void aTransactionThatIsAnsweredBeforeItWasSentHasNoFewerReceipts(int forgotten, long repeated, boolean conserved) {
        WriteResult answer = new WriteResult(
                1, 1, forgotten, repeated, List.of(), new ControlState(LogSequenceNumber.valueOf(1), 1, null));

        assertThat(passes(() -> Conservation.requireRepeated(7, answer))).isEqualTo(conserved);
    }
}
