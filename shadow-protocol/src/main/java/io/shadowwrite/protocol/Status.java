package io.shadowwrite.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Everything an operator asks first, from one place.
 *
 * @param phase NOT_OPEN, LOADING and DISCARDING before the stream is applied, VALIDATING, CUTTING_OVER while an attempt to
 *     cut over holds the consumer, PERMITTED while there is a permit, UNDECIDED when it is over and nobody has said what
 *     became of it, FINISHED
 * @param ready whether cutover could be permitted now
 * @param reason why not, or why
 * @param readers both readers as last reported
 * @param attestationLagBytes how far the slower reader is behind the other
 * @param conservation what became of every change; null until something was counted
 * @param ledger how much of the receipts is there; null while no window is open
 * @param streak clean ticks in a row
 * @param gapPolicy what an hour without a verdict does to them; null while no window is open
 * @param tickClock whose hours they are; null while no window is open
 * @param lastRun the latest that ended, or should have by now
 * @param permit leave to repoint the writers, if there is any now
 * @param gate what the gate decided last, and what it asks for; null while no window is open
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Status(
        String phase,
        boolean ready,
        String reason,
        List<Criterion> criteria,
        List<ReaderPosition> readers,
        long attestationLagBytes,
        @Nullable Hold hold,
        @Nullable Conservation conservation,
        @Nullable LedgerExtent ledger,
        int streak,
        int requiredTicks,
        @Nullable GapPolicy gapPolicy,
        @Nullable TickClock tickClock,
        @Nullable RunSummary lastRun,
        long openDeadLetters,
        @Nullable Permit permit,
        @Nullable GateState gate,
        List<String> nextSteps) {}
