package io.shadowwrite.api.read;

import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * What one read sees.
 *
 * @param position every source transaction below it is seen, but for parked changes, and none at or above it; replays and single
 *     writes do not move it
 * @param kept no receipt lies below it: the consumer's first position, or where receipts that were attested are dropped
 * @param writesBeside how often replays and single writes had written; two snapshots with the same and one position show one state
 */
public record Snapshot(LogSequenceNumber position, LogSequenceNumber kept, long writesBeside) {

    /** How far back last events are looked for unless the caller says: a pass over so much WAL's receipts is cheap. */
    private static final long LOOK_BACK_BYTES = 64L * 1024 * 1024;

    /**
     * From where on last events are looked for.
     *
     * @param asOf what the caller wants to know of for certain; null for nothing in particular
     * @param since the caller's own wish; null for none
     */
    public LogSequenceNumber eventsSince(@Nullable LogSequenceNumber asOf, @Nullable LogSequenceNumber since) {
        LogSequenceNumber back = lookBack();
        LogSequenceNumber wanted = since != null ? since : asOf != null && asOf.compareTo(back) < 0 ? asOf : back;
        return wanted.compareTo(kept) < 0 ? kept : wanted;
    }

    private LogSequenceNumber lookBack() {
        long at = position.asLong();
        return Long.compareUnsigned(at, LOOK_BACK_BYTES) < 0
                ? LogSequenceNumber.valueOf(0)
                : LogSequenceNumber.valueOf(at - LOOK_BACK_BYTES);
    }
}
