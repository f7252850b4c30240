package io.shadowwrite.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.WriteResult;
import io.shadowwrite.simulation.Simulation.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The product's own readers under every fault that a seed can think of, and with defects that must show. */
@Timeout(600)
class SimulationTest {

    private static final long FIRST = Long.getLong("simulation.seed", 1);
    private static final int SEEDS =
            Integer.getInteger("simulation.seeds", System.getProperty("simulation.seed") == null ? 300 : 1);
    private static final int SEEDS_OF_A_MUTATION = 50;
    private static final int SEEDS_TWICE = 100;
    private static final int SEEDS_OF_WHAT_IS_HARD = 50;
    private static final int LINES = 60;
    private static final Target.Ear NOBODY = (_, _) -> {};

    @Test
    void whateverHappensNothingIsLostDoubledOrOutOfOrder() {
        AtomicLong steps = new AtomicLong();
        AtomicLong changes = new AtomicLong();
        AtomicLong halted = new AtomicLong();
        long began = System.nanoTime();

        LongStream.range(FIRST, FIRST + SEEDS).parallel().forEach(seed -> {
            Outcome outcome = runOrExplain(seed);
            steps.addAndGet(outcome.steps());
            changes.addAndGet(outcome.changes());
            halted.addAndGet(outcome.halted() ? 1 : 0);
        });

        assertThat(changes).hasPositiveValue();
        assertThat(halted.get()).isLessThan(Math.max(2, SEEDS / 2));
        System.out.printf(
                "[measured] simulation: %d seeds from %d, %d steps, %d changes, 0 lost, 0 doubled, 0 out of order,"
                        + " %d left to a person, %.1f s%n",
                SEEDS, FIRST, steps.get(), changes.get(), halted.get(), (System.nanoTime() - began) / 1e9);
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        LongStream.range(FIRST, FIRST + SEEDS_TWICE).parallel().forEach(seed -> {
            List<String> one = new ArrayList<>();
            List<String> other = new ArrayList<>();

            new Simulation(seed, Deed.of(seed), Mutation.NONE, NOBODY, one).run();
            new Simulation(seed, Deed.of(seed), Mutation.NONE, NOBODY, other).run();

            assertThat(one).as("seed %d", seed).isNotEmpty().isEqualTo(other);
        });
    }

    /** Else thousands of seeds would show nothing. */
    @Test
    void whatIsHardComesUp() {
        Map<String, Integer> met = new TreeMap<>();
        for (long seed = 1; seed <= SEEDS_OF_WHAT_IS_HARD; seed++) {
            new Simulation(seed, Deed.of(seed), Mutation.NONE, (_, answer) -> note(answer, met), null).run();
        }

        System.out.println("[measured] simulation: met " + met);
        assertThat(met).containsKeys("repeated", "cut by a hold", "EPOCH_FENCED", "OUT_OF_TURN", "a third session");
    }

    private static void note(Object answer, Map<String, Integer> met) {
        switch (answer) {
            case WriteResult result -> {
                count(met, "repeated", result.replayed() > 0);
                count(met, "cut by a hold", result.control().hold() != null);
            }
            case ControlState control -> count(met, "a third session", control.epoch() > 2);
            case ShadowProblem problem -> count(met, problem.type().name(), true);
            default -> count(met, "something else", true);
        }
    }

    private static void count(Map<String, Integer> met, String what, boolean holds) {
        if (holds) {
            met.merge(what, 1, Integer::sum);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aDefectShows(Mutation mutation) {
        for (long seed = 1; seed <= SEEDS_OF_A_MUTATION; seed++) {
            AssertionError found = failure(seed, Deed.of(seed), mutation, null);
            if (found != null) {
                assertThat(found.getMessage()).startsWith(mutation.invariant());
                List<Deed> least = least(seed, mutation);
                System.out.printf(
                        "[measured] simulation: %s is caught by seed %d, by %s: %s%n",
                        mutation, seed, least, found.getMessage());
                return;
            }
        }
        throw new AssertionError("%s is not caught by %d seeds".formatted(mutation, SEEDS_OF_A_MUTATION));
    }

    private static Outcome runOrExplain(long seed) {
        try {
            return new Simulation(seed, Deed.of(seed), Mutation.NONE, NOBODY, null).run();
        } catch (AssertionError | RuntimeException failure) {
            List<Deed> least = least(seed, Mutation.NONE);
            List<String> trace = new ArrayList<>();
            AssertionError again = failure(seed, least, Mutation.NONE, trace);
            throw new AssertionError(
                    "seed %d: %s%nagain with ./mvnw -pl simulation -am verify -Dtest=SimulationTest -Dsurefire.failIfNoSpecifiedTests=false -Dsimulation.seed=%d%n%d of %d deeds are enough for: %s%n%s%n%s"
                            .formatted(
                                    seed,
                                    failure.getMessage(),
                                    seed,
                                    least.size(),
                                    Deed.of(seed).size(),
                                    again == null ? "nothing" : again.getMessage(),
                                    least,
                                    String.join("\n", trace.subList(Math.max(0, trace.size() - LINES), trace.size()))),
                    failure);
        }
    }

    /** What it fails of; null when it does not. */
    private static @Nullable AssertionError failure(
            long seed, List<Deed> deeds, Mutation mutation, @Nullable List<String> trace) {
        try {
            new Simulation(seed, deeds, mutation, NOBODY, trace).run();
            return null;
        } catch (AssertionError failure) {
            return failure;
        } catch (RuntimeException failure) {
            return new AssertionError(failure.toString(), failure);
        }
    }

    /** Leaves out deeds as long as it still fails; each is tried in ever smaller groups. */
    private static List<Deed> least(long seed, Mutation mutation) {
        List<Deed> least = new ArrayList<>(Deed.of(seed));
        for (int size = least.size() / 2; size > 0; size /= 2) {
            for (int from = 0; from + size <= least.size(); ) {
                List<Deed> fewer = new ArrayList<>(least);
                fewer.subList(from, from + size).clear();
                if (failure(seed, fewer, mutation, null) == null) {
                    from += size;
                } else {
                    least = fewer;
                }
            }
        }
        return least;
    }
}
