package io.shadowwrite.protocol;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What becomes of the letters behind one that is given up.
 *
 * @param count how many the caller knows of; with any other number nothing happens
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record BehindDecision(Choice choice, int count) {

    /** The two answers. */
    public enum Choice {
        /** They stay and can be replayed without the one before them. */
        KEEP,
        /** They are given up, too. */
        RESOLVE
    }
}
