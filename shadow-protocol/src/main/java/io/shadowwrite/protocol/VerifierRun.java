package io.shadowwrite.protocol;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A finished tick.
 *
 * @param tickHour the UTC hour this run stands for by the source's clock; null for a run that is not a tick
 * @param tickClock whose hour that is
 * @param pinKind how the two snapshots were brought together: barrier, race-window, snapshot, paused, or none
 * @param pinLsn below it the target has everything of both readers; unless under a race window, both sides show exactly that.
 *     Null when no pin was possible
 * @param barrierRefused why the barrier pin was not possible; null when it was
 * @param mark a lower bound for where later transactions wrote, for the pins of later runs; null without a pin
 * @param reason why inconclusive, or a one-line summary
 * @param findings up to a cap; findingsTotal tells how many there were
 * @param attested closed windows on which both sides agreed, to be kept
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record VerifierRun(
        UUID runId,
        String mode,
        @Nullable Instant tickHour,
        TickClock tickClock,
        String pinKind,
        @Nullable @DecimalLsn LogSequenceNumber pinLsn,
        Instant startedAt,
        Instant finishedAt,
        Verdict verdict,
        String reason,
        long eventsAttested,
        List<ModelCoverage> coverage,
        long findingsTotal,
        List<Finding> findings,
        List<Attestation> attested,
        @Nullable String barrierRefused,
        @Nullable XidMark mark) {

    /** A run under no race window, and without a mark. */
    public VerifierRun(
            UUID runId,
            String mode,
            @Nullable Instant tickHour,
            TickClock tickClock,
            String pinKind,
            @Nullable LogSequenceNumber pinLsn,
            Instant startedAt,
            Instant finishedAt,
            Verdict verdict,
            String reason,
            long eventsAttested,
            List<ModelCoverage> coverage,
            long findingsTotal,
            List<Finding> findings,
            List<Attestation> attested) {
        this(
                runId,
                mode,
                tickHour,
                tickClock,
                pinKind,
                pinLsn,
                startedAt,
                finishedAt,
                verdict,
                reason,
                eventsAttested,
                coverage,
                findingsTotal,
                findings,
                attested,
                null,
                null);
    }

    /** The same run as it was judged in the end. */
    public VerifierRun judged(Verdict lastVerdict, String lastReason) {
        return with(lastVerdict, lastReason, findings);
    }

    /** The same run with its findings without the values of their rows. */
    public VerifierRun withoutImages() {
        return with(
                verdict, reason, findings.stream().map(Finding::withoutImages).toList());
    }

    private VerifierRun with(Verdict otherVerdict, String otherReason, List<Finding> otherFindings) {
        return new VerifierRun(
                runId,
                mode,
                tickHour,
                tickClock,
                pinKind,
                pinLsn,
                startedAt,
                finishedAt,
                otherVerdict,
                otherReason,
                eventsAttested,
                coverage,
                findingsTotal,
                otherFindings,
                attested,
                barrierRefused,
                mark);
    }
}
