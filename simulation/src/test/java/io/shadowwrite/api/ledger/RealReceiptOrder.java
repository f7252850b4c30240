package io.shadowwrite.api.ledger;

import io.shadowwrite.protocol.ReceiptBatch;
import java.util.function.BiPredicate;
import org.postgresql.replication.LogSequenceNumber;

/** Which receipts the product's own API takes, for a target that is simulated. */
public final class RealReceiptOrder {

    private RealReceiptOrder() {}

    /** As the intake asks, all of it. */
    public static void check(
            ReceiptBatch batch, LogSequenceNumber position, BiPredicate<LogSequenceNumber, Integer> stored) {
        ReceiptOrder.check(batch);
        ReceiptOrder.checkContinued(batch, position, stored::test);
    }
}
