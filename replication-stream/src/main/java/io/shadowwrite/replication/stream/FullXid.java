package io.shadowwrite.replication.stream;

/**
 * Turns the 32-bit transaction ids of the plug-in into 64-bit ones. Of all ids with the same low half the one nearest to a
 * reference is meant: transactions that run together are never 2 billion apart.
 */
final class FullXid {

    private static final long EPOCH = 1L << 32;
    private static final long LOW_HALF = EPOCH - 1;

    private long reference;

    /** Begins at a 64-bit id of about now. */
    FullXid(long reference) {
        this.reference = reference;
    }

    /** The full id; later calls are relative to the highest one seen. */
    long of(long xid) {
        long near = (reference & ~LOW_HALF) | xid;
        long full = near;
        if (near - reference > EPOCH / 2 && near >= EPOCH) {
            full = near - EPOCH;
        } else if (reference - near > EPOCH / 2) {
            full = near + EPOCH;
        }
        reference = Math.max(reference, full);
        return full;
    }
}
