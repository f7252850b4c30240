package io.shadowwrite.system.bench.report;

import java.util.Arrays;

/** The middle and both ends of a few values. */
public record Spread(double median, double min, double max) {

    /** The spread of at least one value; the median of an even number is the mean of the middle two. */
    public static Spread of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    /** The smallest value that at least that many percent of the values do not exceed (nearest rank). */
    public static double percentile(double[] values, double percent) {
        if (values.length == 0 || percent <= 0 || percent > 100) {
            throw new IllegalArgumentException("no %s. percentile of %d values".formatted(percent, values.length));
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(percent / 100 * sorted.length) - 1];
    }
}
