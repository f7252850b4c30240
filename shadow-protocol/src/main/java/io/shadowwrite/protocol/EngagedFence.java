package io.shadowwrite.protocol;

import java.time.Instant;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What an attempt to cut over was about to pause the writers of the source with, and nobody has said since that it is
 * released. It outlives the program.
 *
 * @param kind as {@code --fence} takes it
 * @param holder the attempt
 * @param since by the target's clock
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record EngagedFence(String kind, String holder, Instant since) {}
