package io.shadowwrite.consumer.delivery;

import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.replication.SourceTransaction;
import io.shadowwrite.replication.stream.Batch;
import io.shadowwrite.transform.TransformProblem;
import io.shadowwrite.transform.Transformer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Transactions with row changes as shadow-api takes them, and the position behind them.
 *
 * @param continuesFrom the position it continues: everything below was sent before
 * @param transactions what is left to post, in commit order
 * @param completeBelow the position once they are applied
 * @param refusal why the transaction that commits at {@code completeBelow} cannot be posted at all; null when all can
 */
record PreparedBatch(
        LogSequenceNumber continuesFrom,
        List<TransactionWrites> transactions,
        LogSequenceNumber completeBelow,
        @Nullable TransformProblem refusal) {

    PreparedBatch {
        transactions = List.copyOf(transactions);
    }

    /** What the transactions become, up to the first that cannot be expressed. */
    static PreparedBatch of(LogSequenceNumber continuesFrom, Batch batch, Transformer transformer) {
        List<TransactionWrites> prepared = new ArrayList<>();
        for (SourceTransaction transaction : batch.transactions()) {
            if (transaction.changes().isEmpty()) {
                continue;
            }
            try {
                prepared.add(transformer.transform(transaction));
            } catch (TransformProblem problem) {
                return new PreparedBatch(continuesFrom, prepared, transaction.commitLsn(), problem);
            }
        }
        return new PreparedBatch(continuesFrom, prepared, batch.completeBelow(), null);
    }

    /** What is left once the first {@code count} transactions are applied. */
    PreparedBatch without(int count) {
        return new PreparedBatch(
                continuesFrom, transactions.subList(count, transactions.size()), completeBelow, refusal);
    }

    /** Whether the answer covers everything, the position included. */
    boolean isDoneAt(LogSequenceNumber position) {
        return transactions.isEmpty() && position.compareTo(completeBelow) >= 0;
    }
}
