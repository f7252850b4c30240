package io.shadowwrite.cli.draft;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.ColumnType.Kind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What makes a value of a column of the target of a value of a column of the source.
 *
 * @param zone of timestamps that have none; null when nobody has said
 */
record Conversion(
        NamedTypes source, NamedTypes target, @Nullable String zone) {

    private static final Set<Kind> TEXTUAL = EnumSet.of(Kind.TEXT, Kind.BLANK_PADDED, Kind.OTHER);

    /** What a conversion comes to. */
    sealed interface Result {}

    /**
     * An expression of the contract.
     *
     * @param doubt what somebody should make sure of; null when all is well
     */
    record Made(ObjectNode expression, @Nullable String doubt) implements Result {}

    /** There is none that the types alone decide. */
    record Undecided(String why) implements Result {}

    /** From a column to a type, both as the catalogs spell them. */
    Result of(String column, String from, String to) {
        ObjectNode copy = JsonNodeFactory.instance.objectNode().put("column", column);
        if (source.isEnum(from) && target.isEnum(to)) {
            return labels(copy, from, to);
        }
        ColumnType given = ColumnType.parse(from);
        ColumnType wanted = parsed(to);
        if (wanted == null) {
            return new Undecided("the target has a type %s that no contract can carry".formatted(to));
        }
        if (given.kind() != wanted.kind()) {
            return cast(copy, given, wanted, from, to);
        }
        boolean alike = source.base(from).equals(target.base(to));
        boolean other = given.kind() == Kind.OTHER || (given.kind() == Kind.ARRAY && !elementsAlike(from, to));
        return new Made(
                copy, other && !alike ? differs(from, to) : Narrowing.doubt(source.base(from), target.base(to)));
    }

    /** Whether the elements of two arrays are of one kind that every server spells alike. */
    private static boolean elementsAlike(String from, String to) {
        ColumnType given = parsed(from.replace("[]", ""));
        ColumnType wanted = parsed(to.replace("[]", ""));
        return given != null && wanted != null && given.kind() == wanted.kind() && given.kind() != Kind.OTHER;
    }

    private static @Nullable ColumnType parsed(String type) {
        try {
            return ColumnType.parse(type);
        } catch (IllegalArgumentException unknown) {
            return null;
        }
    }

    private static String differs(String from, String to) {
        return "the source has %s, the target %s; make sure that every value reads the same".formatted(from, to);
    }

    private Result cast(ObjectNode copy, ColumnType given, ColumnType wanted, String from, String to) {
        Kind kind = wanted.kind();
        ObjectNode cast = copy.deepCopy().put("cast", to);
        if (given.kind() == Kind.TIMESTAMP && kind == Kind.TIMESTAMPTZ) {
            return zoned(copy);
        }
        if (kind == Kind.TEXT || ColumnType.parse(source.base(from)).kind() == targetBase(to)) {
            boolean possible = kind == Kind.TEXT || TEXTUAL.contains(given.kind());
            return possible ? new Made(cast, room(from, to)) : impossible(from, to);
        }
        if (given.kind() == Kind.INTEGER && kind == Kind.DECIMAL) {
            return new Made(
                    cast,
                    to.endsWith(",0)") || to.equals("numeric")
                            ? room(from, to)
                            : "whole numbers become %s; if they count cents, use {\"scale\": …}".formatted(to));
        }
        if (TEXTUAL.contains(given.kind())) {
            return new Made(
                    cast,
                    "the source has %s, the target %s%s; use a map where not every value spells one"
                            .formatted(from, to, target.isEnum(to) ? " of " + target.labels(to) : ""));
        }
        return others(copy, cast, given.kind(), kind, from, to);
    }

    /** Of an enum the longest label has to fit. */
    private @Nullable String room(String from, String to) {
        int longest = source.isEnum(from)
                ? source.labels(from).stream().mapToInt(String::length).max().orElse(0)
                : Integer.MAX_VALUE;
        String base = target.base(to);
        return Narrowing.doubt("character varying(%d)".formatted(longest), base) == null
                ? null
                : Narrowing.doubt(source.base(from), base);
    }

    private Kind targetBase(String to) {
        ColumnType base = parsed(target.base(to));
        return base == null ? Kind.OTHER : base.kind();
    }

    private Result others(ObjectNode copy, ObjectNode cast, Kind given, Kind wanted, String from, String to) {
        if (Set.of(Kind.JSON, Kind.JSONB).containsAll(Set.of(given, wanted))) {
            return new Made(cast, null);
        }
        boolean times = wanted == Kind.TIMESTAMP || wanted == Kind.TIMESTAMPTZ;
        if (given == Kind.DATE && times) {
            return new Made(cast, wanted == Kind.TIMESTAMP ? null : "a day becomes its midnight in UTC");
        }
        if (wanted == Kind.DATE && (given == Kind.TIMESTAMP || given == Kind.TIMESTAMPTZ)) {
            return new Made(
                    cast, "the time of day is lost" + (given == Kind.TIMESTAMP ? "" : ", and a day is one of UTC"));
        }
        if (given == Kind.INTEGER && wanted == Kind.BOOLEAN) {
            return new Made(
                    map(copy, List.of("0", "1"), List.of("false", "true")),
                    "0 becomes false, 1 becomes true, and" + " any other value is refused");
        }
        return impossible(from, to);
    }

    private static Undecided impossible(String from, String to) {
        return new Undecided("no expression makes %s of %s by itself; change the type in the target, or write one"
                .formatted(to, from));
    }

    private Result zoned(ObjectNode copy) {
        if (zone == null) {
            return new Undecided(
                    "the source has local times; say of which zone they are: {\"zone\": {\"of\": %s, \"name\": …}}, or --zone"
                            .formatted(copy));
        }
        ObjectNode expression = JsonNodeFactory.instance.objectNode();
        expression.putObject("zone").put("name", zone).set("of", copy);
        return new Made(expression, null);
    }

    /** Labels that both have are copied; otherwise those that are spelled alike are mapped, and any other is refused. */
    private Result labels(ObjectNode copy, String from, String to) {
        List<String> given = source.labels(from);
        List<String> wanted = target.labels(to);
        if (wanted.containsAll(given)) {
            return new Made(copy, null);
        }
        List<String> known =
                given.stream().filter(label -> alike(label, wanted) != null).toList();
        List<String> lost =
                given.stream().filter(label -> !known.contains(label)).toList();
        if (known.isEmpty()) {
            return new Undecided("%s has %s, %s has %s; write a map".formatted(from, given, to, wanted));
        }
        List<String> values = known.stream()
                .map(label -> String.valueOf(alike(label, wanted)))
                .toList();
        return new Made(
                map(copy, known, values),
                lost.isEmpty()
                        ? null
                        : "%s has no label for %s; until the map has an entry, such rows are refused"
                                .formatted(to, lost));
    }

    private static @Nullable String alike(String label, List<String> wanted) {
        String folded = Words.of(label).folded();
        List<String> found = wanted.stream()
                .filter(other -> Words.of(other).folded().equals(folded))
                .toList();
        return found.size() == 1 ? found.getFirst() : null;
    }

    private static ObjectNode map(ObjectNode of, List<String> keys, List<String> values) {
        ObjectNode expression = JsonNodeFactory.instance.objectNode();
        ObjectNode map = expression.putObject("map");
        map.set("of", of);
        ObjectNode entries = map.putObject("entries");
        for (int i = 0; i < keys.size(); i++) {
            entries.put(keys.get(i), values.get(i));
        }
        return expression;
    }
}
