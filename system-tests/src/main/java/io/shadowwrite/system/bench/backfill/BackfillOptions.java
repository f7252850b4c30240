package io.shadowwrite.system.bench.backfill;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for.
 *
 * @param home the checkout
 * @param rows in the source, about
 * @param readers ranges at a time; null for as many as the job takes by itself
 * @param changesPerSecond of the writers that go on meanwhile
 * @param json where to leave the results for machines
 */
record BackfillOptions(
        Path home,
        long rows,
        @Nullable Integer readers,
        int changesPerSecond,
        @Nullable Path json) {

    static final String USAGE = """
            usage: ./shadow bench backfill [--rows N] [--readers N] [--changes N] [--json FILE]

              --rows N     rows in the source (default 2000000)
              --readers N  ranges that are loaded at a time (default: what the job takes by itself)
              --changes N  row changes a second beside the load and the dump (default 200)
              --json FILE  leave the results for machines
            """;

    private static final long FEWEST_ROWS = 100;

    BackfillOptions {
        if (rows < FEWEST_ROWS || (readers != null && readers < 1) || changesPerSecond < 1) {
            throw new IllegalArgumentException(
                    "--rows starts at %d, --readers and --changes at 1".formatted(FEWEST_ROWS));
        }
    }

    /** Reads the command line; an {@link IllegalArgumentException} says what is wrong with it. */
    static BackfillOptions parse(String... arguments) {
        Deque<String> left = new ArrayDeque<>(List.of(arguments));
        Path home = Path.of("").toAbsolutePath();
        long rows = 2_000_000;
        Integer readers = null;
        int changes = 200;
        Path json = null;
        while (!left.isEmpty()) {
            String option = left.pop();
            switch (option) {
                case "--home" -> home = Path.of(value(option, left)).toAbsolutePath();
                case "--rows" -> rows = number(option, left);
                case "--readers" -> readers = number(option, left);
                case "--changes" -> changes = number(option, left);
                case "--json" -> json = Path.of(value(option, left)).toAbsolutePath();
                default -> throw new IllegalArgumentException("there is no option " + option);
            }
        }
        return new BackfillOptions(home, rows, readers, changes, json);
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
}
