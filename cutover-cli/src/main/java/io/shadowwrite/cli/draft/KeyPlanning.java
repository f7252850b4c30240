package io.shadowwrite.cli.draft;

import io.shadowwrite.cli.draft.TargetTable.Column;
import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable.Identity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Decides how the rows of each match are told apart in the target, parents before the children whose keys hold theirs. */
final class KeyPlanning {

    private final Map<QualifiedName, List<ForeignKey>> foreignKeys;
    private final Conversion conversion;
    private final Function<TableMatch, String> models;

    /** By the table of the target, of which every match has its own, with those of the matches that it waits for. */
    private final Map<QualifiedName, Set<QualifiedName>> waiting = new LinkedHashMap<>();

    private final Map<TableMatch, KeyPlan> decided = new LinkedHashMap<>();

    private KeyPlanning(
            Map<QualifiedName, List<ForeignKey>> foreignKeys,
            Conversion conversion,
            Function<TableMatch, String> models) {
        this.foreignKeys = foreignKeys;
        this.conversion = conversion;
        this.models = models;
    }

    /**
     * A plan for each match whose key can be told.
     *
     * @param foreignKeys of the source, by the table that refers
     * @param models name of the model of a match
     */
    static Map<TableMatch, KeyPlan> of(
            List<TableMatch> matches,
            Map<QualifiedName, List<ForeignKey>> foreignKeys,
            Conversion conversion,
            Function<TableMatch, String> models) {
        KeyPlanning planning = new KeyPlanning(foreignKeys, conversion, models);
        Map<QualifiedName, TableMatch> byTarget = new LinkedHashMap<>();
        for (TableMatch match : matches) {
            byTarget.put(match.target().name(), match);
            planning.waiting.put(
                    match.target().name(),
                    matches.stream()
                            .filter(other -> planning.needs(match, other))
                            .map(other -> other.target().name())
                            .collect(Collectors.toSet()));
        }
        while (!planning.waiting.isEmpty()) {
            planning.decide(Objects.requireNonNull(byTarget.get(planning.next())));
        }
        return planning.decided;
    }

    /** The first that waits for no other; where they wait for each other, the first of all. */
    private QualifiedName next() {
        return waiting.keySet().stream()
                .filter(name -> Collections.disjoint(waiting.getOrDefault(name, Set.of()), waiting.keySet()))
                .findFirst()
                .orElseGet(() -> waiting.keySet().iterator().next());
    }

    private void decide(TableMatch match) {
        waiting.remove(match.target().name());
        plan(match).ifPresent(plan -> decided.put(match, plan));
    }

    private boolean needs(TableMatch match, TableMatch other) {
        if (match.source().name().equals(other.source().name())) {
            return !match.equals(other)
                    && match.target().foreignKeys().stream()
                            .anyMatch(key -> key.table().equals(other.target().name()));
        }
        return foreignKeys.getOrDefault(match.source().name(), List.of()).stream()
                .filter(key -> key.table().equals(other.source().name()))
                .anyMatch(key -> key.columns().stream().anyMatch(match.source().key()::contains));
    }

    private Optional<KeyPlan> plan(TableMatch match) {
        Map<String, Assigned> found = Assignment.of(
                        match, match.written(), links(match, foreignKeys, decided.values()), conversion)
                .assigned();
        List<List<String>> keys = match.target().keys();
        return Stream.of(
                        keys.stream().limit(1).map(key -> composed(match, key, found)),
                        keys.stream().limit(1).map(key -> derived(match, key)),
                        keys.stream().skip(1).map(key -> composed(match, key, found)),
                        keys.stream().map(key -> copied(match, key)))
                .flatMap(each -> each)
                .filter(Objects::nonNull)
                .findFirst();
    }

    /** The links from a source table to every place that its parents' rows have in the target. */
    static List<Link> links(
            TableMatch match, Map<QualifiedName, List<ForeignKey>> foreignKeys, Iterable<KeyPlan> decided) {
        List<Link> links = new ArrayList<>();
        QualifiedName table = match.source().name();
        for (KeyPlan parent : decided) {
            QualifiedName there = parent.match().source().name();
            foreignKeys.getOrDefault(table, List.of()).stream()
                    .filter(key -> key.table().equals(there))
                    .flatMap(key -> Link.of(key, parent).stream())
                    .forEach(links::add);
            if (there.equals(table) && !parent.match().equals(match)) {
                Link.own(parent).ifPresent(links::add);
            }
        }
        return links;
    }

    /** Of columns of the source's key, all of which it needs: otherwise rows of the source would share one of the target. */
    private @Nullable KeyPlan composed(TableMatch match, List<String> key, Map<String, Assigned> found) {
        Set<String> used = new HashSet<>();
        for (String column : key) {
            Assigned assigned = found.get(column);
            if (assigned == null || (isUuid(match, column) && !isIdentity(match, assigned))) {
                return null;
            }
            used.addAll(assigned.uses());
        }
        List<String> own = match.source().key();
        boolean known = match.source().identity() == Identity.FULL || own.containsAll(used);
        return known && used.containsAll(own) ? plan(match, key, found) : null;
    }

    private KeyPlan plan(TableMatch match, List<String> key, Map<String, Assigned> found) {
        Map<String, ObjectNode> expressions = new LinkedHashMap<>();
        Map<String, String> doubts = new HashMap<>();
        for (String column : key) {
            Assigned assigned = Objects.requireNonNull(found.get(column));
            expressions.put(column, assigned.expression());
            if (assigned.doubt() != null) {
                doubts.put(column, assigned.doubt());
            }
        }
        return new KeyPlan(match, models.apply(match), expressions, false, doubts);
    }

    /** A text that spells a uuid is none of the target's identities. */
    private static boolean isIdentity(TableMatch match, Assigned assigned) {
        return assigned.expression().has("reference")
                || assigned.uses().stream()
                        .map(name -> match.source().column(name).orElseThrow())
                        .allMatch(column -> column.type().equals("uuid"));
    }

    private static boolean isUuid(TableMatch match, String column) {
        return match.target().column(column).map(Column::type).equals(Optional.of("uuid"));
    }

    private @Nullable KeyPlan derived(TableMatch match, List<String> key) {
        List<String> own = match.source().key();
        if (key.size() != 1 || !isUuid(match, key.getFirst())) {
            return null;
        }
        if (own.size() == 1
                && match.source().column(own.getFirst()).orElseThrow().type().equals("uuid")) {
            return copied(match, key);
        }
        ObjectNode expression = JsonNodeFactory.instance.objectNode().put("derived", true);
        return new KeyPlan(match, models.apply(match), Map.of(key.getFirst(), expression), true, Map.of());
    }

    /** Single columns of one kind, whatever they are called. */
    private @Nullable KeyPlan copied(TableMatch match, List<String> key) {
        List<String> own = match.source().key();
        if (key.size() != 1 || own.size() != 1) {
            return null;
        }
        CatalogTable.Column from = match.source().column(own.getFirst()).orElseThrow();
        Column to = match.target().column(key.getFirst()).orElseThrow();
        Conversion.Result result = conversion.of(from.name(), from.type(), to.type());
        if (!(result instanceof Conversion.Made made) || kind(from.type()) != kind(to.type())) {
            return null;
        }
        Assigned assigned = new Assigned(made.expression(), own, null, made.doubt());
        return plan(match, key, Map.of(to.name(), assigned));
    }

    private static ColumnType.Kind kind(String type) {
        return ColumnType.parse(type).kind();
    }
}
