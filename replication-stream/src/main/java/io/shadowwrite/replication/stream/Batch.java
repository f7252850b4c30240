package io.shadowwrite.replication.stream;

import io.shadowwrite.replication.SourceTransaction;
import java.util.List;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Whole transactions.
 *
 * @param transactions whole transactions in commit order; empty when only the position moved
 * @param completeBelow every transaction with row changes or messages and a commit LSN below was handed out, up to and
 *     including this batch. Store it with the batch, then call {@link ChangeStream#applied}
 */
public record Batch(List<SourceTransaction> transactions, LogSequenceNumber completeBelow) implements Handout {

    public Batch {
        transactions = List.copyOf(transactions);
    }

    /** Row changes in all transactions. */
    public int changes() {
        return transactions.stream().mapToInt(each -> each.changes().size()).sum();
    }
}
