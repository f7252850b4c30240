package io.shadowwrite.protocol;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** How many changes of one operation had one outcome. */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ChangeCount(Operation operation, Disposition disposition, long changes) {}
