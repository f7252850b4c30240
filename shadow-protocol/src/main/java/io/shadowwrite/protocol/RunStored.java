package io.shadowwrite.protocol;

import java.util.UUID;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The answer to a run that begins or ended.
 *
 * @param verdict as stored; a run that is sent as clean may not be stored as clean
 * @param reason as stored
 * @param streak clean ticks in a row
 * @param requiredTicks as frozen when the window opened
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record RunStored(UUID runId, Verdict verdict, String reason, int streak, int requiredTicks) {}
