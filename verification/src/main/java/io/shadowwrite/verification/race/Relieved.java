package io.shadowwrite.verification.race;

import java.util.List;

/**
 * What became of the differences under a race window.
 *
 * @param gone differences that the race explains
 * @param undecided differences of which nobody can tell, one line for each reason; with any the tick cannot be clean
 */
public record Relieved(long gone, List<String> undecided) {

    public Relieved {
        undecided = List.copyOf(undecided);
    }

    /** Nothing to be relieved. */
    public static Relieved nothing() {
        return new Relieved(0, List.of());
    }
}
