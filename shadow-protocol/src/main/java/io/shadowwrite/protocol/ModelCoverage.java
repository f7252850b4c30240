package io.shadowwrite.protocol;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** How much of one model a tick compared. */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ModelCoverage(String model, long sourceRows, long targetRows, int differingBuckets) {}
