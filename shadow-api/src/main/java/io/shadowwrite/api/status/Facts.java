package io.shadowwrite.api.status;

import io.shadowwrite.protocol.Conservation;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.TickClock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an open window at one moment.
 *
 * @param receiptMismatches findings of the latest run on which the readers disagree
 * @param duplicates findings of the latest run with more than one current version of a key
 * @param findingsCut whether the latest run found more than was kept, so that the two numbers above may be too small
 * @param eventsAttested by the latest run
 * @param tickAgeHours whole hours since the youngest judged hour began, or since it was judged if it is a simulated one, by
 *     the target's clock; null when there is none
 * @param cutoverVerdict of the latest comparison at cutover, while the gate still holds where it was made; null otherwise
 */
record Facts(
        List<ReaderPosition> readers,
        @Nullable Hold hold,
        @Nullable Conservation conservation,
        long uncountedBytes,
        int streak,
        int requiredTicks,
        TickClock tickClock,
        @Nullable RunSummary lastRun,
        long receiptMismatches,
        long duplicates,
        boolean findingsCut,
        long eventsAttested,
        @Nullable Integer tickAgeHours,
        @Nullable String cutoverVerdict,
        long openDeadLetters) {}
