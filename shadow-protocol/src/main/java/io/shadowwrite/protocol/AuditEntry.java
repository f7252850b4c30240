package io.shadowwrite.protocol;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A stored invocation of the gate.
 *
 * @param recordedAt by the target's clock
 * @param permitExpiresAt by the target's clock; null for all but a permit
 * @param tickClock of the window: whose hours the run of clean hours is made of
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record AuditEntry(
        CutoverAudit audit, Instant recordedAt, @Nullable Instant permitExpiresAt, TickClock tickClock) {}
