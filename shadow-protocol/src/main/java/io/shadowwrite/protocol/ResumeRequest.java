package io.shadowwrite.protocol;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** Ends the hold of this holder; nothing happens when it holds none. */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ResumeRequest(String holder) {}
