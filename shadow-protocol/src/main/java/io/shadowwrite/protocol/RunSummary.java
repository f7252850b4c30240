package io.shadowwrite.protocol;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** A stored run without its findings. */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record RunSummary(
        UUID runId,
        String mode,
        @Nullable Instant tickHour,
        @Nullable @DecimalLsn LogSequenceNumber pinLsn,
        Instant finishedAt,
        Verdict verdict,
        String reason,
        long findingsTotal) {}
