package io.shadowwrite.cli.draft;

import java.util.Arrays;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Something that a draft leaves to people.
 *
 * @param pointer RFC 6901 pointer to the place of the draft where the decision goes
 * @param decide one sentence
 */
public record Todo(String pointer, String decide) {

    /** At the place that these steps lead to. */
    static Todo at(String decide, String... steps) {
        return new Todo(
                Arrays.stream(steps)
                        .map(step -> "/" + step.replace("~", "~0").replace("/", "~1"))
                        .collect(Collectors.joining()),
                decide);
    }

    /** The same at the nearest place that the draft has, because a part of it may have gone since. */
    Todo within(JsonNode draft) {
        String there = pointer;
        while (draft.at(there).isMissingNode()) {
            there = there.substring(0, there.lastIndexOf('/'));
        }
        return new Todo(there, decide);
    }

    @Override
    public String toString() {
        return (pointer.isEmpty() ? "/" : pointer) + ": " + decide;
    }
}
