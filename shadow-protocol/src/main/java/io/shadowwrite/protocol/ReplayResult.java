package io.shadowwrite.protocol;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * How far a replay came.
 *
 * @param state of the letter that was asked for
 * @param replayed letters that this request applied; 0 when they were applied before
 * @param open letters that still wait behind it
 * @param stop where and why it ended early; null when it did not
 * @param next the letter to go on with, because one request applies only so many; null when there is none
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ReplayResult(
        LetterState state,
        int replayed,
        int open,
        @Nullable ReplayStop stop,
        @Nullable Long next) {}
