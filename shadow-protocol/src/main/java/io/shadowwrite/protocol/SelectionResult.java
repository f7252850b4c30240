package io.shadowwrite.protocol;

import java.util.List;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What a bulk replay did.
 *
 * @param replayed letters that this request applied
 * @param stops letters that were refused, or wait for one outside of what was applied
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record SelectionResult(int replayed, List<ReplayStop> stops) {}
