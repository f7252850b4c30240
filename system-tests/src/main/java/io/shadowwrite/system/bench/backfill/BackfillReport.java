package io.shadowwrite.system.bench.backfill;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What was measured.
 *
 * @param rows source rows that were loaded
 * @param written target rows they became
 * @param loadSeconds from the first range to the last
 * @param dumpSeconds of dump and restore of the same schema, beside the same writers
 * @param openSeconds from the start of the program to the stream, comparison included
 * @param cpu seconds of the load by process
 */
record BackfillReport(
        String machine,
        long rows,
        long written,
        double loadSeconds,
        double dumpSeconds,
        double openSeconds,
        Map<String, Double> cpu) {

    static final double MUST = 0.2;
    static final double GOAL = 0.4;

    /** Rate of the load as a part of that of dump and restore. */
    double ratio() {
        return dumpSeconds / loadSeconds;
    }

    boolean passes() {
        return ratio() >= MUST;
    }

    String text() {
        return String.format(
                Locale.ROOT,
                """
                %s
                load            %10.0f rows/s  %8.1f s  (%d source rows became %d target rows)
                dump | restore  %10.0f rows/s  %8.1f s
                load / (dump | restore)  %.2f   must %.1f: %s, goal %.1f: %s
                window open after %.1f s, with the comparison
                CPU seconds of the load: %s
                """,
                machine,
                rows / loadSeconds,
                loadSeconds,
                rows,
                written,
                rows / dumpSeconds,
                dumpSeconds,
                ratio(),
                MUST,
                reached(MUST),
                GOAL,
                reached(GOAL),
                openSeconds,
                cpu.entrySet().stream()
                        .map(one -> String.format(Locale.ROOT, "%s %.1f", one.getKey(), one.getValue()))
                        .collect(Collectors.joining(", ")));
    }

    private String reached(double wanted) {
        return ratio() >= wanted ? "reached" : "missed";
    }

    Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("machine", machine);
        tree.put("rows", rows);
        tree.put("written", written);
        tree.put("load_seconds", loadSeconds);
        tree.put("dump_seconds", dumpSeconds);
        tree.put("open_seconds", openSeconds);
        tree.put("ratio", ratio());
        tree.put("must_reached", ratio() >= MUST);
        tree.put("goal_reached", ratio() >= GOAL);
        tree.put("cpu_seconds", cpu);
        return tree;
    }
}
