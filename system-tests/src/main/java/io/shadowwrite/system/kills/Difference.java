package io.shadowwrite.system.kills;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How what a reader tells differs from what happened.
 *
 * @param lost changes that happened and are not told
 * @param duplicated changes told more often than they happened, those that never happened among them
 * @param misordered changes that are not where they belong among those of their row
 * @param examples some of them, for a person
 */
record Difference(long lost, long duplicated, long misordered, List<String> examples) {

    static final Difference NONE = new Difference(0, 0, 0, List.of());

    private static final int EXAMPLES = 5;

    Difference {
        examples = List.copyOf(examples);
    }

    /** Compares row by row; both lists in the order in which it happened, or is told to have. */
    static Difference between(List<Change> happened, List<Change> told) {
        Map<String, List<Change>> byRow = byRow(told);
        long lost = 0;
        long duplicated = 0;
        long misordered = 0;
        List<String> examples = new ArrayList<>();
        for (Map.Entry<String, List<Change>> row : byRow(happened).entrySet()) {
            List<Change> toldOfRow = byRow.getOrDefault(row.getKey(), List.of());
            byRow.remove(row.getKey());
            List<Change> expected = common(row.getValue(), toldOfRow);
            List<Change> found = common(toldOfRow, row.getValue());
            long wrong = misplaced(expected, found);
            lost += row.getValue().size() - expected.size();
            duplicated += toldOfRow.size() - found.size();
            misordered += wrong;
            if (!row.getValue().equals(toldOfRow) && examples.size() < EXAMPLES) {
                examples.add("happened %s, told %s".formatted(row.getValue(), toldOfRow));
            }
        }
        for (List<Change> invented : byRow.values()) {
            duplicated += invented.size();
            examples.add("never happened: " + invented.getFirst());
        }
        return new Difference(
                lost, duplicated, misordered, examples.stream().limit(EXAMPLES).toList());
    }

    Difference plus(Difference other) {
        List<String> all = new ArrayList<>(examples);
        all.addAll(other.examples);
        return new Difference(lost + other.lost, duplicated + other.duplicated, misordered + other.misordered, all);
    }

    private static Map<String, List<Change>> byRow(List<Change> changes) {
        Map<String, List<Change>> rows = new LinkedHashMap<>();
        changes.forEach(change ->
                rows.computeIfAbsent(change.row(), _ -> new ArrayList<>()).add(change));
        return rows;
    }

    /** The changes of the first list that the second has as well, each as often as both have it. */
    private static List<Change> common(List<Change> first, List<Change> second) {
        Map<Change, Integer> left = new HashMap<>();
        second.forEach(change -> left.merge(change, 1, Integer::sum));
        return first.stream()
                .filter(change -> left.merge(change, -1, Integer::sum) >= 0)
                .toList();
    }

    private static long misplaced(List<Change> expected, List<Change> found) {
        long wrong = 0;
        for (int i = 0; i < expected.size(); i++) {
            if (!expected.get(i).equals(found.get(i))) {
                wrong++;
            }
        }
        return wrong;
    }
}
