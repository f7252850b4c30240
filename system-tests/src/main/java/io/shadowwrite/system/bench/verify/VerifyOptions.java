package io.shadowwrite.system.bench.verify;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for.
 *
 * @param home the checkout
 * @param rows in the source
 * @param readers of each side
 * @param rounds how often everything is measured, in turn
 * @param json where to leave the results for machines
 */
record VerifyOptions(
        Path home,
        long rows,
        int readers,
        int rounds,
        @Nullable Path json) {

    static final String USAGE = """
            usage: ./shadow bench verify [--rows N] [--readers N] [--rounds N] [--json FILE]

              --rows N     rows in the source (default 1000000); the target has a few more, because one row may feed two models
              --readers N  connections of the verifier to each side (default 4)
              --rounds N   how often everything is measured, in turn (default 3)
              --json FILE  leave the results for machines
            """;

    private static final long ROWS = 1_000_000;
    private static final int READERS = 4;
    private static final int ROUNDS = 3;
    private static final long FEWEST_ROWS = 100;

    VerifyOptions {
        if (rows < FEWEST_ROWS || readers < 1 || rounds < 1) {
            throw new IllegalArgumentException(
                    "--rows starts at %d, --readers and --rounds at 1".formatted(FEWEST_ROWS));
        }
    }

    /** Reads the command line; an {@link IllegalArgumentException} says what is wrong with it. */
    static VerifyOptions parse(String... arguments) {
        Deque<String> left = new ArrayDeque<>(List.of(arguments));
        Path home = Path.of("").toAbsolutePath();
        long rows = ROWS;
        int readers = READERS;
        int rounds = ROUNDS;
        Path json = null;
        while (!left.isEmpty()) {
            String option = left.pop();
            switch (option) {
                case "--home" -> home = Path.of(value(option, left)).toAbsolutePath();
                case "--rows" -> rows = number(option, left);
                case "--readers" -> readers = Math.toIntExact(number(option, left));
                case "--rounds" -> rounds = Math.toIntExact(number(option, left));
                case "--json" -> json = Path.of(value(option, left)).toAbsolutePath();
                default -> throw new IllegalArgumentException("there is no option " + option);
            }
        }
        return new VerifyOptions(home, rows, readers, rounds, json);
    }

    private static String value(String option, Deque<String> left) {
        if (left.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return left.pop();
    }

    private static long number(String option, Deque<String> left) {
        String text = value(option, left);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("%s needs a number, not %s".formatted(option, text), e);
        }
    }
}
