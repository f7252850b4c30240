package io.shadowwrite.system.quickstart;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What the quickstart was asked for.
 *
 * @param home the checkout
 * @param once tear everything down at the end
 * @param chaos kill daemons at random moments during the traffic
 * @param seed of traffic and chaos
 * @param changes row changes to write at least while both readers stream
 * @param hours clean hours of the simulated clock to ask for
 */
record Options(Path home, boolean once, boolean chaos, long seed, long changes, int hours) {

    private static final long CHANGES = 60_000;

    private static final int HOURS_OF_A_WINDOW = 168;

    Options {
        if (hours < 1 || hours > HOURS_OF_A_WINDOW) {
            throw new IllegalArgumentException("--hours is 1 to " + HOURS_OF_A_WINDOW);
        }
    }

    static Options parse(String[] arguments) {
        Deque<String> left = new ArrayDeque<>(List.of(arguments));
        Path home = Path.of("").toAbsolutePath();
        boolean once = false;
        boolean chaos = false;
        long seed = System.nanoTime() & 0xffff_ffffL;
        long changes = CHANGES;
        int hours = HOURS_OF_A_WINDOW;
        while (!left.isEmpty()) {
            String option = left.pop();
            switch (option) {
                case "--once" -> once = true;
                case "--chaos" -> chaos = true;
                case "--home" -> home = Path.of(value(option, left)).toAbsolutePath();
                case "--seed" -> seed = Long.parseLong(value(option, left));
                case "--changes" -> changes = Long.parseLong(value(option, left));
                case "--hours" -> hours = Integer.parseInt(value(option, left));
                default -> throw new IllegalArgumentException("there is no option " + option);
            }
        }
        return new Options(home, once, chaos, seed, changes, hours);
    }

    private static String value(String option, Deque<String> left) {
        if (left.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return left.pop();
    }
}
