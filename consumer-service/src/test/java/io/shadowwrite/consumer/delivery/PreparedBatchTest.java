package io.shadowwrite.consumer.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.replication.stream.Batch;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class PreparedBatchTest {

    private static final PreparedBatch BOTH = new PreparedBatch(
            lsn(1_000),
            new Batch(List.of(), lsn(4_000)),
            List.of(transaction(2_000), transaction(3_000)),
            lsn(4_000),
            null);

    private static LogSequenceNumber lsn(long value) {
        return LogSequenceNumber.valueOf(value);
    }

    private static TransactionWrites transaction(long commit) {
        return new TransactionWrites(lsn(commit), lsn(commit + 8), commit, Instant.EPOCH, List.of());
    }

    @Test
    void continuesWhereItsFirstTransactionsEnded() {
        PreparedBatch rest = BOTH.without(1, lsn(2_500));

        assertThat(rest.continuesFrom()).isEqualTo(lsn(2_500));
        assertThat(rest.transactions()).containsExactly(transaction(3_000));
        assertThat(rest.completeBelow()).isEqualTo(lsn(4_000));
        assertThat(rest.isDoneAt(lsn(2_500))).isFalse();
    }

    @Test
    void continuesWhereItDidWhenItsTurnHadNotCome() {
        assertThat(BOTH.without(0, lsn(500)).continuesFrom()).isEqualTo(lsn(1_000));
    }

    @Test
    void doesNotContinueFromBeyondItsEnd() {
        PreparedBatch rest = BOTH.without(2, lsn(9_000));

        assertThat(rest.continuesFrom()).isEqualTo(lsn(4_000));
        assertThat(rest.isDoneAt(lsn(9_000))).isTrue();
    }
}
