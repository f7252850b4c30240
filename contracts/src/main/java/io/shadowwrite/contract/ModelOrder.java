package io.shadowwrite.contract;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Models with parents before children as far as references tell; models that refer to each other keep file order. */
final class ModelOrder {

    private ModelOrder() {}

    static Map<String, TargetModel> parentsFirst(Map<String, TargetModel> models, Collection<SourceTable> sources) {
        Map<String, Set<String>> ancestors = ancestors(models, sources);
        List<String> left = new ArrayList<>(models.keySet());
        Map<String, TargetModel> ordered = new LinkedHashMap<>();
        while (!left.isEmpty()) {
            String next = next(left, ancestors);
            left.remove(next);
            TargetModel model = models.get(next);
            if (model != null) {
                ordered.put(next, model);
            }
        }
        return ordered;
    }

    /** The first model whose ancestors are placed, not counting those it is itself an ancestor of. */
    private static String next(List<String> left, Map<String, Set<String>> ancestors) {
        for (String candidate : left) {
            boolean ready = ancestors.getOrDefault(candidate, Set.of()).stream()
                    .filter(left::contains)
                    .allMatch(ancestor ->
                            ancestors.getOrDefault(ancestor, Set.of()).contains(candidate));
            if (ready) {
                return candidate;
            }
        }
        throw new IllegalStateException("some group of models that refer to each other has no ancestors outside it");
    }

    private static Map<String, Set<String>> ancestors(
            Map<String, TargetModel> models, Collection<SourceTable> sources) {
        Map<String, Set<String>> ancestors = new LinkedHashMap<>();
        models.keySet().forEach(name -> ancestors.put(name, new LinkedHashSet<>(Set.of(name))));
        for (SourceTable source : sources) {
            if (source instanceof SourceTable.Mapped mapped) {
                mapped.writes().forEach(write -> addParents(write, ancestors));
            }
        }
        for (Set<String> through : List.copyOf(ancestors.values())) {
            spread(through.iterator().next(), ancestors);
        }
        return ancestors;
    }

    private static void addParents(Write write, Map<String, Set<String>> ancestors) {
        for (Map<String, Expression> expressions : List.of(write.key(), write.values())) {
            expressions.values().stream()
                    .flatMap(SourceColumns::references)
                    .forEach(reference -> ancestors
                            .getOrDefault(write.model().name(), new LinkedHashSet<>())
                            .add(reference.model()));
        }
    }

    /** Whoever descends from {@code through} descends from its ancestors too. */
    private static void spread(String through, Map<String, Set<String>> ancestors) {
        Set<String> inherited = Set.copyOf(ancestors.getOrDefault(through, Set.of()));
        for (Set<String> each : ancestors.values()) {
            if (each.contains(through)) {
                each.addAll(inherited);
            }
        }
    }
}
