package io.shadowwrite.consumer.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.delivery.Halt;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class LongSetbackTest {

    private static final LogSequenceNumber COMMIT = LogSequenceNumber.valueOf(4_000);

    private final LongSetback setback = new LongSetback();

    LongSetbackTest() {
        setback.concerns(COMMIT);
    }

    @Test
    void remembersWhatIsRefusedUntilTheTransactionWasRead() {
        ShadowProblem problem = refusal(COMMIT, 7);

        setback.refused(problem);
        assertThat(setback.mustBeRead()).isTrue();
        assertThat(setback.refusalOf(7)).isSameAs(problem);
        assertThat(setback.refusalOf(8)).isNull();

        setback.read();
        assertThat(setback.mustBeRead()).isFalse();
        assertThat(setback.refusalOf(7)).isNull();
    }

    @Test
    void knowsNothingOfAnotherTransaction() {
        setback.refused(refusal(COMMIT, 7));
        setback.parkedWithoutWrites(3);

        setback.concerns(LogSequenceNumber.valueOf(5_000));

        assertThat(setback.mustBeRead()).isFalse();
        assertThat(setback.refusalOf(7)).isNull();
        assertThat(setback.withoutWrites()).isEmpty();
    }

    @Test
    void keepsWhatWasParkedWithoutWritesForTheNextPass() {
        setback.parkedWithoutWrites(3);
        setback.read();
        setback.concerns(COMMIT);

        assertThat(setback.withoutWrites()).containsExactly(3);
    }

    @Test
    void haltsWhenOneRefusalFollowsTheOther() {
        for (int index = 0; index < LongSetback.MOST_REFUSALS; index++) {
            setback.refused(refusal(COMMIT, index));
            setback.read();
        }

        assertThatThrownBy(() -> setback.refused(refusal(COMMIT, 99)))
                .isInstanceOf(Halt.class)
                .hasMessageContaining("WRITE_REJECTED")
                .hasMessageContaining("restart the consumer");
    }

    @Test
    void leavesEveryOtherProblemAlone() {
        ShadowProblem away = new ShadowProblem(ProblemType.TARGET_UNAVAILABLE, "gone");
        ShadowProblem unnamed = new ShadowProblem(ProblemType.WRITE_REJECTED, "some change");
        ShadowProblem ofAnother = refusal(LogSequenceNumber.valueOf(5_000), 1);

        for (ShadowProblem problem : new ShadowProblem[] {away, unnamed, ofAnother}) {
            assertThatThrownBy(() -> setback.refused(problem)).isSameAs(problem);
        }
        assertThat(setback.mustBeRead()).isFalse();
    }

    private static ShadowProblem refusal(LogSequenceNumber commitLsn, int changeIndex) {
        return new ShadowProblem(
                ProblemType.WRITE_REJECTED,
                "the target says no",
                Map.of("commit_lsn", String.valueOf(commitLsn.asLong()), "change_index", String.valueOf(changeIndex)),
                null);
    }
}
