package io.shadowwrite.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Some findings of one run, by ordinal.
 *
 * @param next what to ask {@code after} for the following ones; null when there are none
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record FindingPage(
        List<FindingSummary> findings, @Nullable Integer next) {}
