package io.shadowwrite.protocol;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What is known of one reader.
 *
 * @param position every transaction with a commit LSN below it is durable on this side
 * @param reportedAt when it last reported, by the target's clock; null when never
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ReaderPosition(
        Side side,
        @DecimalLsn LogSequenceNumber position,
        @DecimalLsn LogSequenceNumber received,
        @DecimalLsn LogSequenceNumber flushed,
        String state,
        @Nullable String reason,
        @Nullable Instant reportedAt) {}
