package io.shadowwrite.protocol;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A comparison that begins. It is inconclusive from here on, until the finished run of the same id takes its place.
 *
 * @param tickHour the full UTC hour it would stand for if it ended at once; null for a run that is no tick
 * @param tickClock whose hour that is
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record RunStart(UUID runId, String mode, @Nullable Instant tickHour, TickClock tickClock, Instant startedAt) {}
