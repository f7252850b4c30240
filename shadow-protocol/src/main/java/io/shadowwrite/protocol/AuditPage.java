package io.shadowwrite.protocol;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Some invocations of the gate, newest first.
 *
 * @param next what to ask {@code before} for the older ones; null when there are none
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record AuditPage(List<AuditEntry> entries, @Nullable UUID next) {}
