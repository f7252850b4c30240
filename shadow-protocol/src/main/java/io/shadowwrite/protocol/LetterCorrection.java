package io.shadowwrite.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What an operator changes in an open letter; the original stays.
 *
 * @param who a person, for the record
 * @param writes what a replay shall apply, all of it; null to leave that as it is
 * @param note for colleagues; null to leave it as it is
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record LetterCorrection(
        String who,
        @Nullable List<ShadowWrite> writes,
        @Nullable String note) {}
