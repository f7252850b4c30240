package io.shadowwrite.protocol;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A row of the source.
 *
 * @param sourceTable schema and name
 * @param sourceKey canonical key JSON
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record SourceRowKey(String sourceTable, String sourceKey) {}
