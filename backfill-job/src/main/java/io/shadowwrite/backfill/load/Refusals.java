package io.shadowwrite.backfill.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Rows that cannot be loaded, by what is wrong with them; of each kind the first are kept by table and key. Thread-safe.
 */
public final class Refusals {

    /** Of each kind, so that one that is frequent does not hide another. */
    static final int MOST_OF_A_KIND = 20;

    // Guarded by this, as is the next.
    private final Map<String, List<String>> named = new LinkedHashMap<>();
    private final Map<String, Long> counted = new TreeMap<>();

    /**
     * One more.
     *
     * @param kind what is wrong and what to do, without the row
     * @param row table and key
     */
    synchronized void add(String kind, String row) {
        counted.merge(kind, 1L, Long::sum);
        List<String> rows = named.computeIfAbsent(kind, _ -> new ArrayList<>());
        if (rows.size() < MOST_OF_A_KIND) {
            rows.add(row);
        }
    }

    public synchronized boolean isEmpty() {
        return named.isEmpty();
    }

    /** For people, one kind in each text. */
    public synchronized List<String> texts() {
        return named.entrySet().stream()
                .map(kind -> "%d row(s): %s%s%s"
                        .formatted(
                                counted.get(kind.getKey()),
                                kind.getKey(),
                                System.lineSeparator() + "  ",
                                String.join(System.lineSeparator() + "  ", kind.getValue())))
                .toList();
    }
}
