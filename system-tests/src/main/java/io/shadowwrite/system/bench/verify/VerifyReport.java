package io.shadowwrite.system.bench.verify;

import io.shadowwrite.system.bench.report.Machine;
import io.shadowwrite.system.bench.report.Spread;
import java.util.Formatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What a run prints, what it leaves for machines, and whether it passes.
 *
 * @param sourceRows rows that the contract expects, of all models
 * @param targetRows current rows of all models
 * @param mapped entries of the key map
 * @param peakHeap bytes, while the verifier ran
 */
public record VerifyReport(
        Machine machine,
        int readers,
        long sourceRows,
        long targetRows,
        long mapped,
        List<Pass> plain,
        List<Pass> verifier,
        List<Pass> merge,
        long peakHeap) {

    private static final double MEGABYTE = 1 << 20;

    /** A figure and what it has to reach. */
    private record Figure(String title, double value, boolean atLeast, double must, double goal) {

        boolean reaches(double wanted) {
            return atLeast ? value >= wanted : value <= wanted;
        }

        String verdict() {
            return reaches(goal) ? "goal" : reaches(must) ? "must" : "NO";
        }
    }

    private List<Figure> figures() {
        double verify = median(verifier, Pass::seconds);
        return List.of(
                new Figure("verifier / plain scan", median(plain, Pass::seconds) / verify, true, 0.4, 0.7),
                new Figure("verifier / sorted merge", median(merge, Pass::seconds) / verify, true, 2, 3),
                new Figure("peak heap of the verifier, MB", peakHeap / MEGABYTE, false, 512, 256));
    }

    private static double median(List<Pass> passes, ToDoubleFunction<Pass> figure) {
        return Spread.of(passes.stream().mapToDouble(figure).toArray()).median();
    }

    /** Whether every figure reaches its must. */
    public boolean passes() {
        return figures().stream().allMatch(figure -> figure.reaches(figure.must()));
    }

    /** For people. */
    String text() {
        Formatter text = new Formatter(Locale.ROOT);
        text.format(
                "machine  %s%n%n%,d expected rows, %,d current rows, %,d entries of the key map; %d readers a side, %d round(s)%n",
                machine, sourceRows, targetRows, mapped, readers, plain.size());
        text.format("%-24s %20s %12s %12s %12s%n", "", "k rows/s", "CPU s source", "CPU s target", "CPU s client");
        row(text, "plain scan", plain);
        row(text, "verifier", verifier);
        row(text, "sorted merge", merge);
        text.format("%n%-34s %9s %9s %9s   %s%n", "goals", "measured", "must", "goal", "reached");
        for (Figure figure : figures()) {
            String bound = figure.atLeast() ? ">= " : "<= ";
            text.format(
                    "%-34s %9.2f %9s %9s   %s%n",
                    figure.title(),
                    figure.value(),
                    bound + number(figure.must()),
                    bound + number(figure.goal()),
                    figure.verdict());
        }
        text.format(
                "CPU of everybody: plain scan / verifier %.2f%n",
                median(plain, Pass::cpu) / median(verifier, Pass::cpu));
        return text.toString();
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }

    private void row(Formatter text, String title, List<Pass> passes) {
        Spread rate = Spread.of(
                passes.stream().mapToDouble(pass -> rows() / pass.seconds()).toArray());
        text.format(
                "%-24s %20s %12.1f %12.1f %12.1f%n",
                title,
                String.format(
                        Locale.ROOT, "%.0f [%.0f-%.0f]", rate.median() / 1000, rate.min() / 1000, rate.max() / 1000),
                median(passes, Pass::sourceCpu),
                median(passes, Pass::targetCpu),
                median(passes, Pass::ownCpu));
    }

    /** The same rows for all three: a plain scan may read a table once that feeds several models. */
    private long rows() {
        return sourceRows + targetRows;
    }

    /** For machines: a tree of maps, lists, strings and numbers. */
    Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("machine", machine);
        tree.put("passes", passes());
        tree.put("readers", readers);
        tree.put("source_rows", sourceRows);
        tree.put("target_rows", targetRows);
        tree.put("key_map_rows", mapped);
        tree.put("plain_scan", plain);
        tree.put("verifier", verifier);
        tree.put("sorted_merge", merge);
        tree.put("goals", figures().stream().map(VerifyReport::tree).toList());
        return tree;
    }

    private static Map<String, Object> tree(Figure figure) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("figure", figure.title());
        tree.put("measured", figure.value());
        tree.put("better", figure.atLeast() ? "more" : "less");
        tree.put("must", figure.must());
        tree.put("goal", figure.goal());
        tree.put("must_reached", figure.reaches(figure.must()));
        tree.put("goal_reached", figure.reaches(figure.goal()));
        return tree;
    }
}
