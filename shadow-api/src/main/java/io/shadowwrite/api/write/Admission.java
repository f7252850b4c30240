package io.shadowwrite.api.write;

import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.LsnText;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.WriteBatch;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * What of a batch is new and may be applied now; a pure function of the batch, the position and the hold.
 *
 * @param replayed source transactions at the head of the batch that were applied before
 * @param fresh those to apply, in order; what comes after them is beyond the hold
 * @param position the consumer's position once they are applied
 */
record Admission(int replayed, List<TransactionWrites> fresh, LogSequenceNumber position) {

    /**
     * @throws ShadowProblem OUT_OF_TURN when what the batch continues is not applied yet, and no hold keeps it from being
     */
    static Admission of(WriteBatch batch, LogSequenceNumber position, @Nullable Hold hold) {
        if (position.compareTo(batch.continuesFrom()) < 0) {
            return beforeItsTurn(batch, position, hold);
        }
        List<TransactionWrites> all = batch.transactions();
        int replayed = countBelow(all, position);
        if (hold != null && hold.haltAt() == null) {
            return new Admission(replayed, List.of(), position);
        }
        LogSequenceNumber reach = batch.completeBelow();
        if (hold != null && hold.haltAt() != null && hold.haltAt().compareTo(reach) < 0) {
            reach = hold.haltAt();
        }
        int admitted = Math.max(replayed, countBelow(all, reach));
        return new Admission(replayed, all.subList(replayed, admitted), later(position, reach));
    }

    private static Admission beforeItsTurn(WriteBatch batch, LogSequenceNumber position, @Nullable Hold hold) {
        boolean held = hold != null && (hold.haltAt() == null || hold.haltAt().compareTo(position) <= 0);
        if (held) {
            return new Admission(0, List.of(), position);
        }
        throw new ShadowProblem(
                ProblemType.OUT_OF_TURN,
                "the batch continues from %s, the position is %s".formatted(batch.continuesFrom(), position));
    }

    private static int countBelow(List<TransactionWrites> ordered, LogSequenceNumber lsn) {
        int count = 0;
        while (count < ordered.size() && ordered.get(count).commitLsn().compareTo(lsn) < 0) {
            count++;
        }
        return count;
    }

    private static LogSequenceNumber later(LogSequenceNumber one, LogSequenceNumber other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    /**
     * Checks what no honest stream can send, whatever the position.
     *
     * @throws ShadowProblem OUT_OF_ORDER, BROKEN_INVARIANT or CHANGES_MISSING
     */
    static void checkOrder(WriteBatch batch) {
        LogSequenceNumber last = LogSequenceNumber.INVALID_LSN;
        for (TransactionWrites transaction : batch.transactions()) {
            LogSequenceNumber commit = transaction.commitLsn();
            if (commit.compareTo(last) <= 0) {
                throw outOfOrder("commit_lsn %s does not come after %s", commit, last);
            }
            if (transaction.endLsn().compareTo(commit) <= 0) {
                throw new ShadowProblem(
                        ProblemType.BROKEN_INVARIANT, "transaction %s ends before it commits".formatted(commit));
            }
            checkChanges(transaction, -1);
            last = commit;
        }
        if (last.compareTo(batch.completeBelow()) >= 0) {
            throw outOfOrder("transaction %s is not below complete_below %s", last, batch.completeBelow());
        }
    }

    /**
     * Checks changes that follow another; answers the index of the last.
     *
     * @throws ShadowProblem BROKEN_INVARIANT, or CHANGES_MISSING because every change is sent, also one that is filtered or parked
     */
    static int checkChanges(TransactionWrites transaction, int before) {
        int last = before;
        for (var change : transaction.changes()) {
            if (change.changeIndex() <= last) {
                throw new ShadowProblem(
                        ProblemType.BROKEN_INVARIANT,
                        "change_index %d of transaction %s does not come after %d"
                                .formatted(change.changeIndex(), transaction.commitLsn(), last));
            }
            if (change.changeIndex() > last + 1) {
                throw changesMissing(transaction, last, change.changeIndex());
            }
            if (!change.inScope() && !change.writes().isEmpty()) {
                throw new ShadowProblem(
                        ProblemType.BROKEN_INVARIANT,
                        "change %d of transaction %s is out of scope and has writes"
                                .formatted(change.changeIndex(), transaction.commitLsn()));
            }
            last = change.changeIndex();
        }
        return last;
    }

    private static ShadowProblem changesMissing(TransactionWrites transaction, int last, int next) {
        return new ShadowProblem(
                ProblemType.CHANGES_MISSING,
                "transaction %s goes on with change %d, and nothing is said of change %d to %d"
                        .formatted(transaction.commitLsn(), next, last + 1, next - 1),
                Map.of(
                        "commit_lsn", LsnText.of(transaction.commitLsn()),
                        "change_index", String.valueOf(last + 1)),
                null);
    }

    private static ShadowProblem outOfOrder(String text, LogSequenceNumber one, LogSequenceNumber other) {
        return new ShadowProblem(ProblemType.OUT_OF_ORDER, text.formatted(one, other));
    }
}
