package io.shadowwrite.system.kills;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What was asked for.
 *
 * @param time how long to strike; recovering and comparing come on top
 * @param seed of victims, pauses, cuts and traffic
 */
record SoakOptions(Duration time, long seed) {

    static final String USAGE = """
            usage: ./shadow soak [--minutes N] [--seed S]

              --minutes N  how long programs and servers are killed and connections cut (default 30)
              --seed S     of victims, pauses, cuts and traffic (default: another each time; it is printed)
            """;

    private static final int MINUTES = 30;
    private static final int MOST_MINUTES = 7 * 24 * 60;

    /** Reads the command line; an {@link IllegalArgumentException} says what is wrong with it. */
    static SoakOptions parse(String... arguments) {
        Deque<String> left = new ArrayDeque<>(List.of(arguments));
        long minutes = MINUTES;
        long seed = System.nanoTime() & 0xffff_ffffL;
        while (!left.isEmpty()) {
            String option = left.pop();
            switch (option) {
                case "--minutes" -> minutes = number(option, left);
                case "--seed" -> seed = number(option, left);
                default -> throw new IllegalArgumentException("there is no option " + option);
            }
        }
        if (minutes < 1 || minutes > MOST_MINUTES) {
            throw new IllegalArgumentException("--minutes is 1 to " + MOST_MINUTES);
        }
        return new SoakOptions(Duration.ofMinutes(minutes), seed);
    }

    private static long number(String option, Deque<String> left) {
        if (left.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        String text = left.pop();
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("%s needs a number, not %s".formatted(option, text), e);
        }
    }
}
