package io.shadowwrite.protocol;

import java.time.Instant;
import java.util.UUID;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Leave to repoint the writers, valid when it was read.
 *
 * @param finalLsn up to which both databases were found equal
 * @param expiresAt by the target's clock
 * @param tickClock whose hours the run of clean hours is made of; a permit on simulated ones permits nothing but a demonstration
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Permit(UUID auditId, @DecimalLsn LogSequenceNumber finalLsn, Instant expiresAt, TickClock tickClock) {}
