package io.shadowwrite.protocol;

import java.time.Instant;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** Who agreed to the cutover, and when. */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Approval(String name, Instant approvedAt) {}
