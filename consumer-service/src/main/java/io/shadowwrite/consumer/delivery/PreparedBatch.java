package io.shadowwrite.consumer.delivery;

import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.replication.RowChange;
import io.shadowwrite.replication.SourceTransaction;
import io.shadowwrite.replication.stream.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Transactions with row changes as shadow-api takes them, and the position behind them.
 *
 * @param continuesFrom the position it continues: everything below was sent before
 * @param source what they were made of
 * @param transactions what is left to post, in commit order
 * @param completeBelow the position once they are applied
 * @param obstacle why the transaction that commits at {@code completeBelow} cannot be posted at all; null when all can
 */
record PreparedBatch(
        LogSequenceNumber continuesFrom,
        Batch source,
        List<TransactionWrites> transactions,
        LogSequenceNumber completeBelow,
        @Nullable RuntimeException obstacle) {

    PreparedBatch {
        transactions = List.copyOf(transactions);
    }

    /**
     * What is left once the first {@code count} transactions are applied. It continues from there: were the target to go back
     * to before them, what is left must not be taken for all that is missing.
     *
     * @param position the target's, once they were
     */
    PreparedBatch without(int count, LogSequenceNumber position) {
        LogSequenceNumber reached = position.compareTo(completeBelow) < 0 ? position : completeBelow;
        return new PreparedBatch(
                reached.compareTo(continuesFrom) < 0 ? continuesFrom : reached,
                source,
                transactions.subList(count, transactions.size()),
                completeBelow,
                obstacle);
    }

    /** Whether the answer covers everything, the position included. */
    boolean isDoneAt(LogSequenceNumber position) {
        return transactions.isEmpty() && position.compareTo(completeBelow) >= 0;
    }

    /** Changes that are left to post. */
    int changes() {
        return transactions.stream().mapToInt(each -> each.changes().size()).sum();
    }

    /** What a change becomes; null when it is not among those left. */
    @Nullable ChangeWrites writes(NamedChange named) {
        return transactions.stream()
                .filter(transaction -> transaction.commitLsn().equals(named.commitLsn()))
                .flatMap(transaction -> transaction.changes().stream())
                .filter(change -> change.changeIndex() == named.changeIndex())
                .findFirst()
                .orElse(null);
    }

    /** What a change was made of; null when it is not among those of the source. */
    @Nullable DecodedChange decoded(NamedChange named) {
        for (SourceTransaction transaction : source.transactions()) {
            if (transaction.commitLsn().equals(named.commitLsn())) {
                for (RowChange change : transaction.changes()) {
                    if (change.changeIndex() == named.changeIndex()) {
                        return DecodedChange.of(transaction, change);
                    }
                }
            }
        }
        return null;
    }
}
