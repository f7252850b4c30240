package io.shadowwrite.cli.decommission;

import io.shadowwrite.cli.check.Finding.Side;
import java.time.Instant;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * One thing that was removed.
 *
 * @param what in words
 * @param at by the clock of this machine
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Step(Side side, String what, Instant at) {}
