package io.shadowwrite.protocol;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A range that is loaded.
 *
 * @param rows source rows of the range
 * @param written target rows they became
 * @param replayed whether it had been loaded before
 * @param targetLagBytes as in {@link LoadState}
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record LoadResult(long rows, long written, boolean replayed, long targetLagBytes) {}
