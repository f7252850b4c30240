package io.shadowwrite.system.bench;

import io.shadowwrite.system.bench.report.Entrant;
import io.shadowwrite.system.bench.report.Load;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for.
 *
 * @param home the checkout
 * @param events row changes of a backlog of A; B has half as many, C as many
 * @param rounds how often everything is measured, in turn
 * @param entrants who takes part
 * @param loads which backlogs
 * @param latency whether latency is measured
 * @param sourceRows of each table that A updates; the fewer, the more often a row comes again soon
 * @param rows that the target is filled with before the last part of a scale run
 * @param json where to leave the results for machines
 * @param profile where to leave flight recordings of our programs
 */
record Options(
        Path home,
        int events,
        int rounds,
        Set<Entrant> entrants,
        Set<Load> loads,
        boolean latency,
        int sourceRows,
        int rows,
        @Nullable Path json,
        @Nullable Path profile) {

    static final String USAGE = """
            usage: ./shadow bench [--events N] [--rounds N] [--only WHO,...] [--workload WHAT,...] [--source-rows N]
                                  [--scale [--rows N]] [--debezium] [--json FILE] [--profile DIRECTORY]
                   ./shadow bench verify [--help]

              --events N     row changes of a backlog of A (default 200000); B takes half as many, C as many
              --rounds N     how often everything is measured, in turn (default 3)
              --only         some of: ours, reader, native-off, native-on, debezium
              --workload     some of: A, B, C, latency
              --source-rows N
                             rows of each table that A updates (default 20000, or a quarter of --events)
              --scale        ours alone: a backlog, one ten times as long, and the first again on a filled target
              --rows N       rows in the filled target (default 5000000)
              --debezium     also Debezium with its JDBC sink; build it first: ./mvnw -Pdebezium -pl benchmarks/debezium package
              --json FILE    leave the results for machines
              --profile DIR  leave flight recordings of our programs
            """;

    private static final int EVENTS = 200_000;
    private static final int ROUNDS = 3;
    /** Enough that a batch rarely holds a row twice. */
    private static final int SOURCE_ROWS = 20_000;

    private static final int ROWS = 5_000_000;

    /** The smallest backlog of which a hundredth is still something. */
    private static final int FEWEST_EVENTS = 400;

    Options {
        entrants = Set.copyOf(entrants);
        loads = Set.copyOf(loads);
        if (events < FEWEST_EVENTS || rounds < 1 || sourceRows < 1 || rows < 1) {
            throw new IllegalArgumentException(
                    "--events starts at %d, --rounds, --source-rows and --rows at 1".formatted(FEWEST_EVENTS));
        }
    }

    /** Reads the command line; an {@link IllegalArgumentException} says what is wrong with it. */
    static Options parse(String... arguments) {
        Deque<String> left = new ArrayDeque<>(List.of(arguments));
        Reading reading = new Reading();
        while (!left.isEmpty()) {
            reading.take(left.pop(), left);
        }
        return reading.options();
    }

    /** What has been read so far. */
    private static final class Reading {
        private Path home = Path.of("").toAbsolutePath();
        private int events = EVENTS;
        private int rounds = ROUNDS;
        private int sourceRows;
        private int rows = ROWS;
        private Set<Entrant> only = EnumSet.complementOf(EnumSet.of(Entrant.DEBEZIUM));
        private boolean debezium;
        private boolean scale;
        private Set<Load> loads = EnumSet.of(Load.A, Load.B, Load.C);
        private boolean latency = true;
        private @Nullable Path json;
        private @Nullable Path profile;

        void take(String option, Deque<String> left) {
            switch (option) {
                case "--home" -> home = Path.of(value(option, left)).toAbsolutePath();
                case "--events" -> events = number(option, left);
                case "--rounds" -> rounds = number(option, left);
                case "--source-rows" -> sourceRows = number(option, left);
                case "--rows" -> rows = number(option, left);
                case "--only" -> only = entrants(value(option, left));
                case "--workload" -> workloads(value(option, left));
                case "--scale" -> scale = true;
                case "--debezium" -> debezium = true;
                case "--json" -> json = Path.of(value(option, left)).toAbsolutePath();
                case "--profile" -> profile = Path.of(value(option, left)).toAbsolutePath();
                default -> throw new IllegalArgumentException("there is no option " + option);
            }
        }

        private static String value(String option, Deque<String> left) {
            if (left.isEmpty()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            return left.pop();
        }

        private static int number(String option, Deque<String> left) {
            String text = value(option, left);
            try {
                return Integer.parseInt(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("%s needs a number, not %s".formatted(option, text), e);
            }
        }

        private static Set<Entrant> entrants(String list) {
            Set<Entrant> some = EnumSet.noneOf(Entrant.class);
            for (String code : list.split(",", -1)) {
                some.add(Entrant.of(code));
            }
            return some;
        }

        private void workloads(String list) {
            loads = EnumSet.noneOf(Load.class);
            latency = false;
            for (String name : list.split(",", -1)) {
                switch (name) {
                    case "A" -> loads.add(Load.A);
                    case "B" -> loads.add(Load.B);
                    case "C" -> loads.add(Load.C);
                    case "latency" -> latency = true;
                    default -> throw new IllegalArgumentException("there is no workload '" + name + "'");
                }
            }
        }

        Options options() {
            Set<Entrant> entrants = EnumSet.copyOf(only);
            if (debezium) {
                entrants.add(Entrant.DEBEZIUM);
            }
            int sourceRows = this.sourceRows == 0 ? Math.min(SOURCE_ROWS, events / 4) : this.sourceRows;
            return scale
                    ? new Options(
                            home,
                            events,
                            rounds,
                            Set.of(Entrant.OURS),
                            Set.of(Load.BASE, Load.TENFOLD, Load.FILLED),
                            false,
                            sourceRows,
                            rows,
                            json,
                            profile)
                    : new Options(home, events, rounds, entrants, loads, latency, sourceRows, rows, json, profile);
        }
    }
}
