package io.shadowwrite.protocol;

import java.util.UUID;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Letters frozen for a bulk action, in the order of the stream.
 *
 * @param count how many; to be repeated as a confirmation
 * @param more whether the filter matches more than a selection holds
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record LetterSelection(UUID id, int count, boolean more) {}
