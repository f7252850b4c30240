package io.shadowwrite.system.bench.report;

import java.util.ArrayList;
import java.util.Formatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** What a run prints, what it leaves for machines, and whether it passes. */
public record Report(Machine machine, Results results) {

    /** The processes in the order of the data. */
    private static final List<String> PROCESSES = List.of(
            "walsender", "source other", "consumer", "slot reader", "api", "debezium", "target", "target other");

    /** Whether every figure that could be taken reaches its must. */
    public boolean passes() {
        return Goal.ALL.stream().allMatch(goal -> {
            OptionalDouble value = goal.figure().of(results);
            return value.isEmpty() || goal.reaches(value.getAsDouble(), goal.must());
        });
    }

    /** For people. */
    public String text() {
        Formatter text = new Formatter(Locale.ROOT);
        text.format("machine  %s%n", machine);
        for (Load load : Load.values()) {
            appendLoad(text, load);
        }
        appendLatencies(text);
        appendGoals(text);
        return text.toString();
    }

    private void appendLoad(Formatter text, Load load) {
        List<Entrant> entrants = entrants(load);
        if (entrants.isEmpty()) {
            return;
        }
        List<Measurement> first = results.of(entrants.getFirst(), load);
        text.format(
                "%n%s: %s, %,d events, %d round(s)%n",
                load.title(), load.description(), first.getFirst().events(), first.size());
        text.format("%-38s %20s %9s %9s %9s%n", "", "k events/s", "CPU s/M", "WAL B", "table B");
        entrants.forEach(entrant -> text.format(
                "%-38s %20s %9s %9s %9s%n",
                entrant.title(),
                thousands(entrant, load),
                median(entrant, load, Measurement::cpu, "%.1f"),
                median(entrant, load, Measurement::walPerEvent, "%.0f"),
                median(entrant, load, Measurement::tablePerEvent, "%.0f")));
        text.format("CPU s/M of each process%n");
        entrants.forEach(entrant -> text.format("%-38s %s%n", entrant.title(), processes(entrant, load)));
    }

    private List<Entrant> entrants(Load load) {
        return List.of(Entrant.values()).stream()
                .filter(entrant -> !results.of(entrant, load).isEmpty())
                .toList();
    }

    private String thousands(Entrant entrant, Load load) {
        Spread rate = results.spread(entrant, load, Measurement::rate).orElseThrow();
        return String.format(
                Locale.ROOT, "%.1f [%.1f-%.1f]", rate.median() / 1000, rate.min() / 1000, rate.max() / 1000);
    }

    private String median(Entrant entrant, Load load, ToDoubleFunction<Measurement> figure, String format) {
        return String.format(
                Locale.ROOT, format, results.median(entrant, load, figure).orElseThrow());
    }

    private String processes(Entrant entrant, Load load) {
        List<String> parts = new ArrayList<>();
        cpu(entrant, load).forEach((process, cost) -> parts.add(String.format(Locale.ROOT, "%s %.1f", process, cost)));
        return String.join(", ", parts);
    }

    /** The median of each process that took part. */
    private Map<String, Double> cpu(Entrant entrant, Load load) {
        Map<String, Double> costs = new LinkedHashMap<>();
        for (String process : PROCESSES) {
            if (results.of(entrant, load).stream()
                    .anyMatch(one -> one.cpuSeconds().containsKey(process))) {
                costs.put(
                        process,
                        results.median(entrant, load, one -> one.cpu(process)).orElseThrow());
            }
        }
        return costs;
    }

    private void appendLatencies(Formatter text) {
        if (results.latencies().isEmpty()) {
            return;
        }
        text.format("%ncommit to target visible at %d events/s, milliseconds%n", Latency.EVENTS_PER_SECOND);
        text.format("%-38s %8s %8s %8s   %s%n", "", "p50", "p95", "p99", "seen every (p99)");
        results.latencies()
                .forEach(latency -> text.format(
                        "%-38s %8.2f %8.2f %8.2f   %.2f (%.2f)%n",
                        latency.entrant().title(),
                        latency.p50(),
                        latency.p95(),
                        latency.p99(),
                        latency.resolution(),
                        latency.coarsest()));
    }

    private void appendGoals(Formatter text) {
        text.format("%n%-52s %9s %9s %9s   %s%n", "goals", "measured", "must", "goal", "reached");
        for (Goal goal : Goal.ALL) {
            OptionalDouble value = goal.figure().of(results);
            if (value.isPresent()) {
                text.format(
                        "%-52s %9.2f %9s %9s   %s%n",
                        goal.title(),
                        value.getAsDouble(),
                        goal.bound(goal.must()),
                        goal.bound(goal.goal()),
                        goal.verdict(value.getAsDouble()));
            }
        }
    }

    /** For machines: a tree of maps, lists, strings and numbers. */
    public Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("machine", machine);
        tree.put("passes", passes());
        tree.put(
                "measurements",
                results.measurements().stream().map(Report::tree).toList());
        tree.put("latencies", results.latencies().stream().map(Report::tree).toList());
        tree.put(
                "goals",
                Goal.ALL.stream().flatMap(goal -> goal.tree(results).stream()).toList());
        return tree;
    }

    private static Map<String, Object> tree(Measurement measurement) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("entrant", measurement.entrant().code());
        tree.put("load", measurement.load().title());
        tree.put("events", measurement.events());
        tree.put("seconds", measurement.seconds());
        tree.put("events_per_second", measurement.rate());
        tree.put("cpu_seconds_per_million", measurement.cpu());
        Map<String, Double> processes = new LinkedHashMap<>();
        PROCESSES.stream()
                .filter(measurement.cpuSeconds()::containsKey)
                .forEach(process -> processes.put(process.replace(' ', '_'), measurement.cpu(process)));
        tree.put("cpu_seconds_per_million_by_process", processes);
        tree.put("wal_bytes_per_event", measurement.walPerEvent());
        tree.put("table_bytes_per_event", measurement.tablePerEvent());
        return tree;
    }

    private static Map<String, Object> tree(Latency latency) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("entrant", latency.entrant().code());
        tree.put("samples", latency.samples());
        tree.put("p50_ms", latency.p50());
        tree.put("p95_ms", latency.p95());
        tree.put("p99_ms", latency.p99());
        tree.put("resolution_ms", latency.resolution());
        tree.put("coarsest_ms", latency.coarsest());
        return tree;
    }
}
