package io.shadowwrite.protocol;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Gives a letter up.
 *
 * @param who a person, for the record
 * @param behind required when letters wait behind it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ResolveRequest(
        String who, String reason, @Nullable BehindDecision behind) {}
