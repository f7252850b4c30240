package io.shadowwrite.system.bench.report;

import static io.shadowwrite.system.bench.report.Entrant.DEBEZIUM;
import static io.shadowwrite.system.bench.report.Entrant.NATIVE_OFF;
import static io.shadowwrite.system.bench.report.Entrant.NATIVE_ON;
import static io.shadowwrite.system.bench.report.Entrant.OURS;
import static io.shadowwrite.system.bench.report.Entrant.OURS_BESIDE_READER;
import static io.shadowwrite.system.bench.report.Load.A;
import static io.shadowwrite.system.bench.report.Load.C;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * A figure that has to reach a value.
 *
 * @param atLeast whether more is better
 * @param must below (or above) this the benchmark fails
 * @param goal what is wished for
 */
record Goal(String title, boolean atLeast, double must, double goal, Figure figure) {

    /** How the figure is taken from what was measured; empty when something it needs did not run. */
    @FunctionalInterface
    interface Figure {
        OptionalDouble of(Results results);
    }

    static final List<Goal> ALL = List.of(
            atLeast("catch-up / subscription, synchronous_commit off (A)", 0.50, 0.75, rates(OURS, NATIVE_OFF, A)),
            atLeast("catch-up / subscription, synchronous_commit on (A)", 1.7, 2.5, rates(OURS, NATIVE_ON, A)),
            atLeast("catch-up / Debezium with JDBC sink (A)", 1.5, 2.3, rates(OURS, DEBEZIUM, A)),
            atLeast("the first, slot reader beside it (A)", 0.35, 0.55, rates(OURS_BESIDE_READER, NATIVE_OFF, A)),
            atLeast("bulk / subscription, synchronous_commit off (C)", 0.15, 0.25, rates(OURS, NATIVE_OFF, C)),
            atMost("CPU per event / subscription, off (A)", 2.0, 1.5, cpu(OURS, NATIVE_OFF, A)),
            atMost(
                    "target WAL per event, bytes (A)",
                    1500,
                    1000,
                    results -> results.median(OURS, A, Measurement::walPerEvent)),
            atMost("commit to target visible, p50 ms", 5, 3, latency(Latency::p50)),
            atMost("commit to target visible, p99 ms", 50, 25, latency(Latency::p99)),
            atMost("time of the tenfold backlog / 10 (A)", 1.15, 1.0, slowdown(Load.TENFOLD)),
            atLeast("rate with millions of rows there / without (A)", 0.85, 1.0, rate(Load.FILLED)));

    boolean reaches(double value, double wanted) {
        return atLeast ? value >= wanted : value <= wanted;
    }

    /** A wanted value as a person writes it. */
    String bound(double wanted) {
        String number = wanted == Math.rint(wanted) && wanted >= 3
                ? String.format(Locale.ROOT, "%.0f", wanted)
                : String.format(Locale.ROOT, "%.2f", wanted);
        return (atLeast ? ">= " : "<= ") + number;
    }

    String verdict(double value) {
        if (reaches(value, goal)) {
            return "goal";
        }
        return reaches(value, must) ? "must" : "NO";
    }

    /** For machines; empty when it could not be taken. */
    Optional<Map<String, Object>> tree(Results results) {
        OptionalDouble value = figure.of(results);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("figure", title);
        tree.put("measured", value.getAsDouble());
        tree.put("better", atLeast ? "more" : "less");
        tree.put("must", must);
        tree.put("goal", goal);
        tree.put("must_reached", reaches(value.getAsDouble(), must));
        tree.put("goal_reached", reaches(value.getAsDouble(), goal));
        return Optional.of(tree);
    }

    private static Goal atLeast(String title, double must, double goal, Figure figure) {
        return new Goal(title, true, must, goal, figure);
    }

    private static Goal atMost(String title, double must, double goal, Figure figure) {
        return new Goal(title, false, must, goal, figure);
    }

    private static Figure rates(Entrant one, Entrant other, Load load) {
        return results -> results.ratio(
                results.median(one, load, Measurement::rate), results.median(other, load, Measurement::rate));
    }

    private static Figure cpu(Entrant one, Entrant other, Load load) {
        return results -> results.ratio(
                results.median(one, load, Measurement::cpu), results.median(other, load, Measurement::cpu));
    }

    private static Figure latency(ToDoubleFunction<Latency> figure) {
        return results -> results.latency(OURS)
                .map(latency -> OptionalDouble.of(figure.applyAsDouble(latency)))
                .orElse(OptionalDouble.empty());
    }

    /** Both per event, so that the tenfold backlog may differ from ten times the other by an event. */
    private static Figure slowdown(Load load) {
        return results -> results.ratio(
                results.median(OURS, Load.BASE, Measurement::rate), results.median(OURS, load, Measurement::rate));
    }

    private static Figure rate(Load load) {
        return results -> results.ratio(
                results.median(OURS, load, Measurement::rate), results.median(OURS, Load.BASE, Measurement::rate));
    }
}
