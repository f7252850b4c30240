package io.shadowwrite.system.kills;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a run came to.
 *
 * @param kills by victim
 * @param events row changes that committed in the source
 * @param versions of rows born during the run, each held against what its row looked like
 * @param lost changes that one of the readers has no receipt of, that left no trace, or that a row does not show
 * @param duplicated changes with more than one receipt or effect, those that never happened among them
 * @param misordered changes or versions that are not where they belong in the history of their row
 * @param recoveries how long each start took to be caught up with
 * @param undisturbed those of them into which no other kill fell
 * @param comparisons how often slots were held against stored positions
 * @param unreachable how often each ended because what it needs was away
 * @param examples of what is wrong, and whatever else must not be
 */
record Score(
        long seed,
        Map<Victim, Integer> kills,
        long events,
        long versions,
        long lost,
        long duplicated,
        long misordered,
        List<Duration> recoveries,
        List<Duration> undisturbed,
        int comparisons,
        Map<Victim, Integer> unreachable,
        List<String> examples) {

    Score {
        kills = Map.copyOf(kills);
        recoveries = recoveries.stream().sorted().toList();
        undisturbed = undisturbed.stream().sorted().toList();
        unreachable = Map.copyOf(unreachable);
        examples = List.copyOf(examples);
    }

    /** One line. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "kills.seed=%d: %d kills -9 %s, %,d events, %,d versions, lost %d, duplicated %d, misordered %d; "
                        + "recovery %s (undisturbed %s); %,d looks at slots and positions; ended unreachable %s",
                seed,
                kills.values().stream().mapToInt(Integer::intValue).sum(),
                kills,
                events,
                versions,
                lost,
                duplicated,
                misordered,
                percentiles(recoveries),
                percentiles(undisturbed),
                comparisons,
                unreachable);
    }

    private static String percentiles(List<Duration> sorted) {
        if (sorted.isEmpty()) {
            return "none";
        }
        return String.format(
                Locale.ROOT,
                "of %d p50 %.1f s p99 %.1f s",
                sorted.size(),
                at(sorted, 0.50).toMillis() / 1e3,
                at(sorted, 0.99).toMillis() / 1e3);
    }

    /** The smallest one that at least that part does not exceed. */
    private static Duration at(List<Duration> sorted, double part) {
        return sorted.get((int) Math.ceil(part * sorted.size()) - 1);
    }
}
