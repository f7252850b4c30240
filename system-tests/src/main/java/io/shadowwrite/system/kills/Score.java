package io.shadowwrite.system.kills;

import io.shadowwrite.system.suite.Links.Link;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run came to.
 *
 * @param kills by victim
 * @param cuts of connections, by what was at the other end
 * @param events row changes that committed in the source
 * @param versions of rows born during the run, each held against what its row looked like
 * @param lost changes that one of the readers has no receipt of, that left no trace, or that a row does not show
 * @param duplicated changes with more than one receipt or effect, those that never happened among them
 * @param misordered changes or versions that are not where they belong in the history of their row
 * @param recoveries how long each start took to be caught up with
 * @param undisturbed those of them into which no other kill or cut fell
 * @param comparisons how often slots were held against stored positions
 * @param unreachable how often each ended because what it needs was away
 * @param examples of what is wrong, and whatever else must not be
 */
record Score(
        long seed,
        Map<Victim, Integer> kills,
        Map<Link, Integer> cuts,
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
        cuts = Map.copyOf(cuts);
        recoveries = recoveries.stream().sorted().toList();
        undisturbed = undisturbed.stream().sorted().toList();
        unreachable = Map.copyOf(unreachable);
        examples = List.copyOf(examples);
    }

    /** Nothing is wrong, and something was tried. */
    boolean isPerfect() {
        boolean tried = killed() > 0 && events > 0 && versions > 0 && comparisons > 0;
        return tried && lost == 0 && duplicated == 0 && misordered == 0 && examples.isEmpty();
    }

    /** How many kills in all. */
    int killed() {
        return kills.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** For a person. */
    String table() {
        return String.format(
                Locale.ROOT,
                """
                seed         %d
                kills        %d %s
                cuts         %d %s
                events       %,d; versions %,d; looks at slots and positions %,d
                lost         %d
                duplicated   %d
                misordered   %d
                recovery     %s
                undisturbed  %s
                %s""",
                seed,
                killed(),
                kills,
                cuts.values().stream().mapToInt(Integer::intValue).sum(),
                cuts,
                events,
                versions,
                comparisons,
                lost,
                duplicated,
                misordered,
                percentiles(recoveries),
                percentiles(undisturbed),
                examples.stream().map("wrong        %s%n"::formatted).collect(Collectors.joining()));
    }

    /** One line. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "seed %d: %d kills -9 %s, cuts %s, %,d events, %,d versions, lost %d, duplicated %d, misordered %d; "
                        + "recovery %s (undisturbed %s); %,d looks at slots and positions; ended unreachable %s",
                seed,
                killed(),
                kills,
                cuts,
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
