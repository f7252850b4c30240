package io.shadowwrite.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What a bulk replay did.
 *
 * @param replayed letters that this request applied
 * @param stops letters that were refused, or wait for one outside of what was applied
 * @param outcomes what has become of each letter that was passed, in the order of the stream
 * @param next where to go on; null when all of it was passed
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record SelectionResult(
        int replayed,
        List<ReplayStop> stops,
        List<LetterOutcome> outcomes,
        @Nullable Integer next) {}
