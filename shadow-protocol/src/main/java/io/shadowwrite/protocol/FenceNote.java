package io.shadowwrite.protocol;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Told before a fence is engaged, and after it is released.
 *
 * @param holder the attempt, which has to hold the gate to engage one, and releases none but its own; or whoever aborts
 * @param kind as {@code --fence} takes it
 * @param engaged false when it stands no more
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record FenceNote(String holder, String kind, boolean engaged) {}
