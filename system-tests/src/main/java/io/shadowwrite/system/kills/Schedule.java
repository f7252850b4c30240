package io.shadowwrite.system.kills;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * All blows of a run, drawn from the seed before the first one falls. Of five victims in a row each is one, so that five
 * kills leave none out.
 */
record Schedule(List<Strike> strikes) {

    private static final int RECOVERED_PERCENT = 30;
    private static final int TOGETHER_PERCENT = 30;
    private static final int AGAIN_PERCENT = 20;

    Schedule {
        strikes = List.copyOf(strikes);
    }

    /** The same for the same seed and number of kills, for ever. */
    static Schedule of(long seed, int kills) {
        Draw draw = new Draw(seed);
        List<Strike> strikes = new ArrayList<>();
        int left = kills;
        while (left > 0) {
            Strike next = draw.strike(left);
            strikes.add(next);
            left -= next.kills();
        }
        return new Schedule(strikes);
    }

    /** The blows of a run without a number, drawn as they are asked for, as long as there is time. */
    static Iterator<Strike> until(long deadlineNanos, long seed) {
        Draw draw = new Draw(seed);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return System.nanoTime() - deadlineNanos < 0;
            }

            @Override
            public Strike next() {
                return draw.strike(Integer.MAX_VALUE);
            }
        };
    }

    /** How many kills it comes to. */
    int kills() {
        return strikes.stream().mapToInt(Strike::kills).sum();
    }

    private static final class Draw {

        private final SplittableRandom random;
        private final List<Victim> deck = new ArrayList<>();
        private int undrawn = Victim.values().length;

        Draw(long seed) {
            random = new SplittableRandom(seed);
        }

        Strike strike(int left) {
            boolean recovered = chance(RECOVERED_PERCENT);
            Duration calm = millis(300, 5_000);
            List<Victim> victims = new ArrayList<>(List.of(victim()));
            if (chance(TOGETHER_PERCENT) && left > 1 && !deck.isEmpty()) {
                victims.add(victim());
            }
            Duration down = millis(100, 2_500);
            // Kills that are spent on one victim twice must not keep another from having its first.
            boolean spare = left - victims.size() > undrawn;
            Duration again = chance(AGAIN_PERCENT) && spare ? millis(50, 4_000) : null;
            return new Strike(recovered, calm, victims, down, again);
        }

        private Victim victim() {
            if (deck.isEmpty()) {
                deck.addAll(List.of(Victim.values()));
            }
            undrawn = Math.max(0, undrawn - 1);
            return deck.remove(random.nextInt(deck.size()));
        }

        private boolean chance(int percent) {
            return random.nextInt(100) < percent;
        }

        private Duration millis(int low, int high) {
            return Duration.ofMillis(random.nextInt(low, high));
        }
    }
}
