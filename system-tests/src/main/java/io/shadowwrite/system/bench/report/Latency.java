package io.shadowwrite.system.bench.report;

/**
 * Commit at the source to visible in the target, at a steady low rate. All times in milliseconds.
 *
 * @param samples how many commits were timed
 * @param resolution half of the observations were no further apart than this, so no figure is finer
 * @param coarsest the 99th percentile of that distance
 */
public record Latency(
        Entrant entrant, int samples, double p50, double p95, double p99, double resolution, double coarsest) {

    /** How many commits a second are timed. */
    public static final int EVENTS_PER_SECOND = 100;

    /**
     * The percentiles of what was seen.
     *
     * @param millis one value per commit
     * @param gaps between observations
     */
    public static Latency of(Entrant entrant, double[] millis, double[] gaps) {
        return new Latency(
                entrant,
                millis.length,
                Spread.percentile(millis, 50),
                Spread.percentile(millis, 95),
                Spread.percentile(millis, 99),
                Spread.percentile(gaps, 50),
                Spread.percentile(gaps, 99));
    }
}
