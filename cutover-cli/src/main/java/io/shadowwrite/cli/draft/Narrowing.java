package io.shadowwrite.cli.draft;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether a type holds less than another of its kind. */
final class Narrowing {

    private static final Pattern MODIFIER = Pattern.compile("\\((\\d+)(?:,(-?\\d+))?\\)");

    /** From the narrowest to the widest. */
    private static final List<List<String>> RANKS =
            List.of(List.of("smallint", "integer", "bigint"), List.of("real", "double precision"));

    /** Digits of the longest value. */
    private static final Map<String, Integer> DIGITS = Map.of("smallint", 5, "integer", 10, "bigint", 19);

    /** Characters of the longest value, of types that have one; a sign counts. */
    private static final Map<String, Integer> LENGTHS =
            Map.of("boolean", 5, "smallint", 6, "integer", 11, "bigint", 20, "uuid", 36, "date", 13, "name", 63);

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
        int scaleWanted = scale(wanted);
        int roomWanted = Integer.parseInt(wanted.group(1)) - scaleWanted;
        if (to.startsWith("character")) {
            return roomWanted < longest(from);
        }
        if (DIGITS.containsKey(from)) {
            return roomWanted < DIGITS.get(from);
        }
        Matcher given = MODIFIER.matcher(from);
        if (!given.find()) {
            return from.equals(MODIFIER.matcher(to).replaceAll(""));
        }
        int scaleGiven = scale(given);
        int roomGiven = Integer.parseInt(given.group(1)) - scaleGiven;
        return roomWanted < roomGiven || scaleWanted < scaleGiven;
    }

    private static int scale(Matcher modifier) {
        return modifier.group(2) == null ? 0 : Integer.parseInt(modifier.group(2));
    }

    /** Characters of the longest text of a type, for all that is known. */
    private static int longest(String type) {
        Matcher modifier = MODIFIER.matcher(type);
        boolean bounded = modifier.find();
        if (bounded && type.startsWith("character")) {
            return Integer.parseInt(modifier.group(1));
        }
        if (bounded && type.startsWith("numeric")) {
            // A sign, a point, and a zero before it.
            return Integer.parseInt(modifier.group(1)) + (scale(modifier) == 0 ? 1 : 3) + Math.max(0, -scale(modifier));
        }
        return LENGTHS.getOrDefault(type, Integer.MAX_VALUE);
    }
}
