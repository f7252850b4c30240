package io.shadowwrite.protocol;

import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What the consumer must know, in every answer to it.
 *
 * @param position every transaction with a commit LSN below it is applied, none at or above it is
 * @param epoch the newest epoch given out
 * @param hold the hold in force, if any
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ControlState(
        @DecimalLsn LogSequenceNumber position,
        long epoch,
        @Nullable Hold hold) {}
