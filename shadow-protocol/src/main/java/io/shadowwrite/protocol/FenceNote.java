package io.shadowwrite.protocol;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Told before a fence is engaged, and after it is released.
 *
 * @param holder the attempt, which has to hold the gate to engage one; whoever released it otherwise
 * @param kind as {@code --fence} takes it; null when no fence stands any more
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record FenceNote(String holder, @Nullable String kind) {}
