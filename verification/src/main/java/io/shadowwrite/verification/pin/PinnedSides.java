package io.shadowwrite.verification.pin;

import io.shadowwrite.verification.session.Sessions;
import io.shadowwrite.verification.session.VerificationProblem;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Both databases as they were, until this is closed.
 *
 * @param lsn the target has everything that either reader saw below it; without a window both sides show every source
 *     transaction with a commit LSN below it and none at or above it
 * @param hour the full UTC hour of the source's clock when the pin was taken
 * @param source readers of the source
 * @param target readers of the target
 * @param mark for the race windows of later runs; null when none was taken
 * @param window what the target shows and the source does not; null when there is nothing
 * @param barrierRefused why there is a window; null without one, or when nobody tried otherwise
 */
public record PinnedSides(
        LogSequenceNumber lsn,
        Instant hour,
        Sessions source,
        Sessions target,
        @Nullable XidMark mark,
        @Nullable RaceWindow window,
        @Nullable String barrierRefused)
        implements AutoCloseable {

    /** Both sides at one LSN. */
    public PinnedSides(LogSequenceNumber lsn, Instant hour, Sessions source, Sessions target) {
        this(lsn, hour, source, target, null, null, null);
    }

    /** How the two sides were brought together. */
    public PinKind kind() {
        return window == null ? PinKind.BARRIER : PinKind.RACE_WINDOW;
    }

    PinnedSides insteadOfBarrier(String reason) {
        return new PinnedSides(lsn, hour, source, target, mark, window, reason);
    }

    /** As {@link Sessions#breakOff}, on both sides. */
    public void breakOff(VerificationProblem reason) {
        source.breakOff(reason);
        target.breakOff(reason);
    }

    /** Ends both snapshots. */
    @Override
    public void close() {
        source.close();
        target.close();
    }
}
