package io.shadowwrite.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A letter with everything in it, row values included.
 *
 * @param behind open letters that wait for this one, directly or not
 * @param payload what the decoder sent; null for a change that was parked behind another
 * @param writes as they came; null when the change could not be transformed
 * @param corrected what an operator wants applied in their place
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record DeadLetterContent(
        DeadLetter letter,
        int behind,
        @Nullable String payload,
        @Nullable List<ShadowWrite> writes,
        @Nullable List<ShadowWrite> corrected) {}
