package io.shadowwrite.protocol;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Gives a selection up.
 *
 * @param count of the selection, repeated
 * @param behind required when letters outside of the selection wait behind it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record SelectionResolve(
        int count, String who, String reason, @Nullable BehindDecision behind) {}
