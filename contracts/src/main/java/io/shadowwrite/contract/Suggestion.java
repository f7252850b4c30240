package io.shadowwrite.contract;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;

/** The end of a message about an unknown name: the likeliest name meant, or the names there are. */
final class Suggestion {

    private static final int MOST_NAMES = 12;

    private Suggestion() {}

    static String of(String name, Collection<String> known) {
        // Fewer edits than characters: otherwise every short name would resemble every other.
        int tolerance = Math.min(Math.max(2, name.length() / 3), name.length() - 1);
        Optional<String> nearest = known.stream()
                .filter(candidate -> distance(name, candidate) <= tolerance)
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)));
        return nearest.map("; did you mean '%s'?"::formatted).orElseGet(() -> listing(known));
    }

    private static String listing(Collection<String> known) {
        if (known.isEmpty()) {
            return "; there are none";
        }
        String names = known.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
        return "; there are: " + names + (known.size() > MOST_NAMES ? ", …" : "");
    }

    /** How many characters to insert, delete or replace. */
    private static int distance(String left, String right) {
        int[] previous = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int[] current = new int[right.length() + 1];
            current[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int replaced = previous[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[right.length()];
    }
}
