package io.shadowwrite.protocol;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The outcome of a single write.
 *
 * @param replayed it was applied before, and nothing changed now
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record SingleWriteResult(String idempotencyKey, boolean replayed) {}
