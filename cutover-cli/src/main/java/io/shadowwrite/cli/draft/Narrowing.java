package io.shadowwrite.cli.draft;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether a type holds less than another of its kind. */
final class Narrowing {

    private static final Pattern MODIFIER = Pattern.compile("\\((\\d+)(?:,(-?\\d+))?\\)");

    /** From the narrowest to the widest. */
    private static final List<List<String>> RANKS =
            List.of(List.of("smallint", "integer", "bigint"), List.of("real", "double precision"));

    private Narrowing() {}

    /** What to make sure of; null when every value has room. */
    static @Nullable String doubt(String from, String to) {
        if (from.equals(to)) {
            return null;
        }
        if (from.endsWith("[]") && to.endsWith("[]")) {
            return doubt(from.substring(0, from.length() - 2), to.substring(0, to.length() - 2));
        }
        boolean narrower = RANKS.stream()
                        .anyMatch(rank ->
                                rank.contains(from) && rank.contains(to) && rank.indexOf(from) > rank.indexOf(to))
                || shorter(from, to);
        return narrower
                ? "the source has %s, the target only %s; a value without room is refused or rounded"
                        .formatted(from, to)
                : null;
    }

    /** Digits before the point, digits after it, or characters. */
    private static boolean shorter(String from, String to) {
        Matcher wanted = MODIFIER.matcher(to);
        if (!wanted.find()) {
            return false;
        }
        Matcher given = MODIFIER.matcher(from);
        if (!given.find()) {
            return from.equals("text") || from.equals(MODIFIER.matcher(to).replaceAll(""));
        }
        int scaleGiven = given.group(2) == null ? 0 : Integer.parseInt(given.group(2));
        int scaleWanted = wanted.group(2) == null ? 0 : Integer.parseInt(wanted.group(2));
        int roomGiven = Integer.parseInt(given.group(1)) - scaleGiven;
        int roomWanted = Integer.parseInt(wanted.group(1)) - scaleWanted;
        return roomWanted < roomGiven || scaleWanted < scaleGiven;
    }
}
