package io.shadowwrite.protocol;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * When a version of an entity is valid.
 *
 * @param validFrom canonical timestamp
 * @param validTo canonical timestamp; null when the version is the current one
 * @param archived whether it says that the source row is gone
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record RowVersion(String validFrom, @Nullable String validTo, boolean archived) {}
