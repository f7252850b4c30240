package io.shadowwrite.protocol;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Applies a letter and what waits behind it.
 *
 * @param who a person, for the record
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ReplayRequest(String who, String reason) {}
