package io.shadowwrite.backfill.snapshot;

import org.jspecify.annotations.Nullable;

/** Every session that showed the snapshot has ended; what was loaded of it can never be completed. */
public final class SnapshotLost extends RuntimeException {

    SnapshotLost(@Nullable Throwable cause) {
        super(
                "every session that held the snapshot has ended, so the load can never be completed; run ./shadow backfill cleanup, and then ./shadow backfill run again",
                cause);
    }
}
