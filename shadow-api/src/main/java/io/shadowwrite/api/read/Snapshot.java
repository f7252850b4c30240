package io.shadowwrite.api.read;

import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * What one read sees.
 *
 * @param position every source transaction below it is seen, but for parked changes, and none at or above it; replays and single
 *     writes do not move it
 * @param baseline the consumer's first position; no event lies below it
 */
public record Snapshot(LogSequenceNumber position, LogSequenceNumber baseline) {

    /** How far back last events are looked for unless the caller says: a pass over so much WAL's receipts is cheap. */
    private static final long LOOK_BACK_BYTES = 64L * 1024 * 1024;

    /**
     * From where on last events are looked for.
     *
     * @param asOf what the caller wants to know of for certain; null for nothing in particular
     * @param since the caller's own wish; null for none
     */
    public LogSequenceNumber eventsSince(@Nullable LogSequenceNumber asOf, @Nullable LogSequenceNumber since) {
        if (since != null) {
            return since;
        }
        LogSequenceNumber back = lookBack();
        LogSequenceNumber wanted = asOf != null && asOf.compareTo(back) < 0 ? asOf : back;
        return wanted.compareTo(baseline) < 0 ? baseline : wanted;
    }

    private LogSequenceNumber lookBack() {
        long at = position.asLong();
        return Long.compareUnsigned(at, LOOK_BACK_BYTES) < 0
                ? LogSequenceNumber.valueOf(0)
                : LogSequenceNumber.valueOf(at - LOOK_BACK_BYTES);
    }
}
