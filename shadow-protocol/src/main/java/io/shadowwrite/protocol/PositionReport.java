package io.shadowwrite.protocol;

import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * How a reader of a slot is doing.
 *
 * @param epoch the session's epoch; ignored for the slot reader
 * @param received last LSN seen on the wire
 * @param flushed what the slot was told
 * @param state one of the daemon's states, such as STREAMING
 * @param reason why, for HALTED and WAITING_FOR_SLOT
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record PositionReport(
        Side side,
        long epoch,
        @DecimalLsn LogSequenceNumber received,
        @DecimalLsn LogSequenceNumber flushed,
        String state,
        @Nullable String reason) {}
