package io.shadowwrite.replication.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.replication.RowChange;
import io.shadowwrite.replication.SourceTransaction;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.StreamProblem.Code;
import io.shadowwrite.replication.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.replication.LogSequenceNumber;

@Timeout(20)
class InFlightWindowTest {

    private static final long NO_WAIT = 0;

    private final InFlightWindow window = new InFlightWindow(lsn(100));

    private static LogSequenceNumber lsn(long value) {
        return LogSequenceNumber.valueOf(value);
    }

    private static SourceTransaction transaction(long commit, int changes) {
        return transaction(commit, changes, 7L * changes);
    }

    private static SourceTransaction transaction(long commit, int changes, long bytes) {
        TableName table = new TableName("s", "t");
        List<RowChange> truncations = new ArrayList<>();
        for (int i = 0; i < changes; i++) {
            truncations.add(new RowChange.Truncate(i, table, table));
        }
        return new SourceTransaction(1, lsn(commit), lsn(commit + 10), Instant.EPOCH, truncations, List.of(), bytes);
    }

    @Test
    void countsUntilApplied() throws InterruptedException {
        window.add(new Received.Whole(transaction(200, 2)));
        window.add(new Received.Whole(transaction(300, 3)));
        assertThat(window.changes()).isEqualTo(5);

        Handout batch = window.take(100, NO_WAIT);
        assertThat(window.changes()).isEqualTo(5);
        window.applied(lsn(210));
        assertThat(window.changes()).isEqualTo(3);
        window.applied(batch.completeBelow());

        assertThat(window.changes()).isZero();
        assertThat(window.bytes()).isZero();
        assertThat(window.anythingToWorkOn()).isFalse();
    }

    @Test
    void batchOfLargeRowsIsCutByItsBytes() throws InterruptedException {
        window.add(new Received.Whole(transaction(200, 1, 5L << 19)));
        window.add(new Received.Whole(transaction(300, 1, 5L << 18)));
        window.add(new Received.Whole(transaction(400, 1, 5L << 18)));
        window.add(new Received.Whole(transaction(500, 1, 5L << 21)));

        assertThat(window.take(100, NO_WAIT).completeBelow()).isEqualTo(lsn(310));
        assertThat(window.take(100, NO_WAIT).completeBelow()).isEqualTo(lsn(410));
        assertThat(window.take(100, NO_WAIT).completeBelow()).isEqualTo(lsn(510));
    }

    @Test
    void positionNeverGoesBack() throws InterruptedException {
        window.add(new Received.Whole(transaction(200, 1)));
        window.take(100, NO_WAIT);

        assertThat(window.applied(lsn(210))).isEqualTo(lsn(210));
        assertThat(window.applied(lsn(150))).isEqualTo(lsn(210));
    }

    @Test
    void positionThatWasOnlyReceivedCannotBeApplied() {
        window.add(new Received.Whole(transaction(200, 1)));

        assertThatIllegalArgumentException().isThrownBy(() -> window.applied(lsn(210)));
    }

    @Test
    void emptyTransactionIsNotHandedOutButMovesThePosition() throws InterruptedException {
        window.add(new Received.Whole(transaction(200, 0)));

        assertThat(window.take(100, NO_WAIT)).isEqualTo(new Batch(List.of(), lsn(210)));
    }

    @Test
    void positionIsOfferedAtMostOnceASecondAndNeverWhileSomethingIsInFlight() throws InterruptedException {
        window.receivedBelow(lsn(200));
        assertThat(window.take(1, NO_WAIT).completeBelow()).isEqualTo(lsn(200));
        window.receivedBelow(lsn(300));
        assertThat(window.take(1, NO_WAIT).completeBelow()).isEqualTo(lsn(200));

        window.add(new Received.Whole(transaction(400, 1)));
        window.receivedBelow(lsn(500));
        assertThat(window.take(1, NO_WAIT).completeBelow()).isEqualTo(lsn(410));
        assertThat(window.take(1, Duration.ofMillis(1100).toNanos()).completeBelow())
                .isEqualTo(lsn(410));

        window.applied(lsn(410));
        assertThat(window.take(1, Duration.ofSeconds(2).toNanos()).completeBelow())
                .isEqualTo(lsn(500));
    }

    @Test
    void failureReachesTheTaker() {
        window.add(new Received.Whole(transaction(200, 1)));
        window.fail(new StreamProblem(Code.STALLED, "x", "y"));

        assertThatThrownBy(() -> window.take(1, NO_WAIT)).isInstanceOf(StreamProblem.class);
    }
}
