package io.shadowwrite.protocol;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Replays a selection, or the next part of it.
 *
 * @param count of the selection, repeated
 * @param from how many letters of it were passed before: 0, or {@link SelectionResult#next} of the part before
 * @param most letters that this request may try, so that the caller decides how fast it goes; null for all
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record SelectionReplay(
        int count,
        String who,
        String reason,
        int from,
        @Nullable Integer most) {

    /** All of it. */
    public SelectionReplay(int count, String who, String reason) {
        this(count, who, reason, 0, null);
    }
}
