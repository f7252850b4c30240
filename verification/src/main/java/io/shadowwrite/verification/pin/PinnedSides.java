package io.shadowwrite.verification.pin;

import io.shadowwrite.verification.session.Sessions;
import java.time.Instant;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Both databases as they were at one LSN, until this is closed.
 *
 * @param lsn both sides show every source transaction with a commit LSN below it and none at or above it
 * @param hour the full UTC hour of the source's clock when the pin was taken
 * @param source readers of the source
 * @param target readers of the target
 */
public record PinnedSides(LogSequenceNumber lsn, Instant hour, Sessions source, Sessions target)
        implements AutoCloseable {

    /** Ends both snapshots. */
    @Override
    public void close() {
        source.close();
        target.close();
    }
}
