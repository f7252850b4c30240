package io.shadowwrite.api.ledger;

import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.Receipt;
import io.shadowwrite.protocol.ReceiptBatch;
import io.shadowwrite.protocol.ShadowProblem;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Which receipts may be stored, and when; a pure function of the batch and of what is stored. */
final class ReceiptOrder {

    private ReceiptOrder() {}

    /** Whether the slot reader left a receipt of a change. */
    @FunctionalInterface
    interface Stored {

        boolean has(LogSequenceNumber commitLsn, int changeIndex);
    }

    /**
     * Receipts that begin above the position would hide that those between are not there, as after the target was restored.
     * Inside a transaction the position stands still, so there the receipt before tells.
     *
     * @throws ShadowProblem OUT_OF_TURN when what the receipts continue is not stored
     */
    static void checkContinued(ReceiptBatch batch, LogSequenceNumber position, Stored stored) {
        if (position.compareTo(batch.continuesFrom()) < 0) {
            throw outOfTurn("the receipts continue from %s, the position is %s", batch.continuesFrom(), position);
        }
        if (batch.receipts().isEmpty()) {
            return;
        }
        Receipt first = batch.receipts().getFirst();
        if (first.changeIndex() > 0
                && first.commitLsn().compareTo(position) >= 0
                && !stored.has(first.commitLsn(), first.changeIndex() - 1)) {
            throw outOfTurn(
                    "the receipts go on with change %s of the transaction at %s, and the one before is not there",
                    first.changeIndex(), first.commitLsn());
        }
    }

    private static ShadowProblem outOfTurn(String text, Object one, Object other) {
        return new ShadowProblem(ProblemType.OUT_OF_TURN, text.formatted(one, other));
    }

    /**
     * Checks what no honest stream can send, whatever the position. Receipts at complete_below itself are the beginning of a
     * transaction whose rest follows.
     */
    static void check(ReceiptBatch batch) {
        LogSequenceNumber last = batch.continuesFrom();
        if (last.compareTo(batch.completeBelow()) > 0) {
            throw new ShadowProblem(
                    ProblemType.OUT_OF_ORDER,
                    "the receipts continue from %s, after complete_below %s".formatted(last, batch.completeBelow()));
        }
        Receipt before = null;
        for (Receipt receipt : batch.receipts()) {
            if (receipt.commitLsn().compareTo(last) < 0 || receipt.commitLsn().compareTo(batch.completeBelow()) > 0) {
                throw new ShadowProblem(
                        ProblemType.OUT_OF_ORDER,
                        "the receipt of %s is not between %s and complete_below %s"
                                .formatted(receipt.commitLsn(), last, batch.completeBelow()));
            }
            checkIndex(before, receipt);
            last = receipt.commitLsn();
            before = receipt;
        }
    }

    /** Only the first of a batch may go on with a transaction of which others were sent before. */
    private static void checkIndex(@Nullable Receipt before, Receipt receipt) {
        if (before == null) {
            return;
        }
        int next = before.commitLsn().equals(receipt.commitLsn()) ? before.changeIndex() + 1 : 0;
        if (receipt.changeIndex() != next) {
            throw new ShadowProblem(
                    ProblemType.CHANGES_MISSING,
                    "the receipts of the transaction at %s go on with change %d and not with %d"
                            .formatted(receipt.commitLsn(), receipt.changeIndex(), next));
        }
    }
}
