package io.shadowwrite.verification.attest;

import java.math.BigDecimal;

/** Count and digest sums of some receipts; without receipts all are zero. */
public record ReceiptSums(long count, BigDecimal sum0, BigDecimal sum1) {

    static final ReceiptSums NONE = new ReceiptSums(0, BigDecimal.ZERO, BigDecimal.ZERO);

    /** Whether both stand for the same events. */
    boolean agreesWith(ReceiptSums other) {
        return count == other.count && sum0.compareTo(other.sum0) == 0 && sum1.compareTo(other.sum1) == 0;
    }

    /** The same with one digest changed, as a fault for the self-test to find. */
    ReceiptSums flipped() {
        return new ReceiptSums(count, sum0.add(BigDecimal.ONE), sum1);
    }
}
