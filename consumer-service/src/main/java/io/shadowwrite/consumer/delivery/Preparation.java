package io.shadowwrite.consumer.delivery;

import io.shadowwrite.delivery.Halt;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.replication.RowChange;
import io.shadowwrite.replication.SourceTransaction;
import io.shadowwrite.replication.stream.Batch;
import io.shadowwrite.transform.TransformProblem;
import io.shadowwrite.transform.Transformer;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.replication.LogSequenceNumber;

/**
 * What batches of the source become. A change that cannot be expressed is parked before its batch sets out, in which it
 * stands without writes. For the delivery thread.
 */
final class Preparation {

    private final Transformer transformer;
    private final SpecialValues specials;
    private final LetterLink letters;

    Preparation(Transformer transformer, SpecialValues specials, LetterLink letters) {
        this.transformer = transformer;
        this.specials = specials;
        this.letters = letters;
    }

    /**
     * Ends before the first transaction that must not be posted, so that a halt leaves the position exactly before its cause.
     *
     * @throws io.shadowwrite.replication.StreamProblem when the source cannot be asked what a NULL of the batch stands for
     */
    PreparedBatch prepare(LogSequenceNumber continuesFrom, Batch batch) throws InterruptedException {
        SpecialChanges special = specials.in(batch);
        List<TransactionWrites> prepared = new ArrayList<>();
        for (SourceTransaction transaction : batch.transactions()) {
            if (transaction.changes().isEmpty()) {
                continue;
            }
            try {
                prepared.add(transformed(transaction, special));
            } catch (Halt | ShadowProblem obstacle) {
                return new PreparedBatch(continuesFrom, batch, prepared, transaction.commitLsn(), obstacle);
            }
        }
        return new PreparedBatch(continuesFrom, batch, prepared, batch.completeBelow(), null);
    }

    private TransactionWrites transformed(SourceTransaction transaction, SpecialChanges special)
            throws InterruptedException {
        if (special.isEmpty()) {
            try {
                return transformer.transform(transaction);
            } catch (TransformProblem first) {
                return withoutWhatCannotBeExpressed(transaction, special);
            }
        }
        return withoutWhatCannotBeExpressed(transaction, special);
    }

    private TransactionWrites withoutWhatCannotBeExpressed(SourceTransaction transaction, SpecialChanges special)
            throws InterruptedException {
        List<ChangeWrites> changes = new ArrayList<>(transaction.changes().size());
        for (RowChange change : transaction.changes()) {
            try {
                changes.add(expressed(transaction, change, special));
            } catch (TransformProblem problem) {
                ChangeWrites bare = transformer.withoutWrites(transaction.commitLsn(), change);
                letters.park(DecodedChange.of(transaction, change), bare, problem);
                changes.add(bare);
            }
        }
        return new TransactionWrites(
                transaction.commitLsn(),
                transaction.endLsn(),
                transaction.xid(),
                transaction.committedAt(),
                List.copyOf(changes));
    }

    private ChangeWrites expressed(SourceTransaction transaction, RowChange change, SpecialChanges special) {
        special.refuse(transaction.commitLsn(), change);
        return transformer.transform(transaction.commitLsn(), change);
    }
}
