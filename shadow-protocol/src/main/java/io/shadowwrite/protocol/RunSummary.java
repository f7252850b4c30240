package io.shadowwrite.protocol;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A stored run without its findings.
 *
 * @param tickHour the UTC hour it stands for; null for a run that is no tick, and for a second verdict on an hour
 * @param tickClock whose hour that is
 * @param finishedAt null for a run that began and has not ended
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record RunSummary(
        UUID runId,
        String mode,
        @Nullable Instant tickHour,
        TickClock tickClock,
        @Nullable @DecimalLsn LogSequenceNumber pinLsn,
        Instant startedAt,
        @Nullable Instant finishedAt,
        Verdict verdict,
        String reason,
        long findingsTotal) {}
