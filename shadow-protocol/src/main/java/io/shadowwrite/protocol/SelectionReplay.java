package io.shadowwrite.protocol;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Replays a selection.
 *
 * @param count of the selection, repeated
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record SelectionReplay(int count, String who, String reason) {}
