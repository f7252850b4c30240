package io.shadowwrite.protocol;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The letter at which a replay ended; it and everything behind it are still open.
 *
 * @param problem code of what refuses it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ReplayStop(long letter, String problem, String detail) {}
