package io.shadowwrite.api.load;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.database.SqlArrays;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.TargetModel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * In which order models are loaded so that the target's foreign keys hold, by what its catalog says.
 *
 * @param passes each refers to nothing but earlier ones and itself; models that refer to each other in a circle come together
 * @param whole models whose table refers to itself
 */
record LoadPasses(List<List<String>> passes, Set<String> whole) {

    private static final String REFERENCES = """
            select child.name as child, parent.name as parent
              from (select n as name, to_regclass(n)::oid as oid from unnest(?::text[]) as n) child
              join pg_constraint c on c.conrelid = child.oid and c.contype = 'f'
              join (select n as name, to_regclass(n)::oid as oid from unnest(?::text[]) as n) parent
                on parent.oid = c.confrelid
            """;

    static LoadPasses read(Contract contract, ShadowDatabase database) {
        Map<String, String> modelOf = new HashMap<>();
        contract.models().values().forEach(model -> modelOf.put(model.table().quoted(), model.name()));
        List<String> tables = contract.models().values().stream()
                .map(TargetModel::table)
                .map(table -> table.quoted())
                .distinct()
                .toList();
        Map<String, Set<String>> parents = new HashMap<>();
        Set<String> whole = new HashSet<>();
        database.jdbc()
                .sql(REFERENCES)
                .param(SqlArrays.text(tables))
                .param(SqlArrays.text(tables))
                .query(row -> {
                    String child = modelOf.getOrDefault(row.getString("child"), "");
                    String parent = modelOf.getOrDefault(row.getString("parent"), "");
                    if (child.equals(parent)) {
                        whole.add(child);
                    } else {
                        parents.computeIfAbsent(child, _ -> new HashSet<>()).add(parent);
                    }
                });
        return new LoadPasses(inOrder(contract.models().keySet(), parents), Set.copyOf(whole));
    }

    /** Pure: the passes of these models, each in the order given. */
    static List<List<String>> inOrder(Set<String> models, Map<String, Set<String>> parents) {
        List<List<String>> passes = new ArrayList<>();
        Set<String> left = new LinkedHashSet<>(models);
        while (!left.isEmpty()) {
            List<String> next = left.stream()
                    .filter(model ->
                            parents.getOrDefault(model, Set.of()).stream().noneMatch(left::contains))
                    .toList();
            List<String> pass = next.isEmpty() ? circle(left, parents) : next;
            passes.add(pass);
            pass.forEach(left::remove);
        }
        return List.copyOf(passes);
    }

    /** Where each has a parent among the rest, some circle refers to nothing outside of itself. */
    private static List<String> circle(Set<String> left, Map<String, Set<String>> parents) {
        for (String model : left) {
            Set<String> ancestors = ancestors(model, left, parents);
            if (ancestors.stream()
                    .allMatch(each -> ancestors(each, left, parents).contains(model))) {
                return left.stream().filter(ancestors::contains).toList();
            }
        }
        throw new IllegalStateException("no circle among " + left);
    }

    private static Set<String> ancestors(String model, Set<String> left, Map<String, Set<String>> parents) {
        Set<String> found = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(model));
        while (!open.isEmpty()) {
            for (String parent : parents.getOrDefault(open.pop(), Set.of())) {
                if (left.contains(parent) && found.add(parent)) {
                    open.push(parent);
                }
            }
        }
        return found;
    }
}
