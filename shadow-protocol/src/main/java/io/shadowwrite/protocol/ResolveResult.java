package io.shadowwrite.protocol;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What a resolution did.
 *
 * @param resolved letters that this request gave up
 * @param open letters that waited behind them and still do
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ResolveResult(int resolved, int open) {}
