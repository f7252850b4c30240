package io.shadowwrite.protocol;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A row of the target.
 *
 * @param targetKey canonical key JSON
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record TargetRowKey(String model, String targetKey) {}
