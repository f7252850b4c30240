package io.shadowwrite.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Something that happens to the suite.
 *
 * @param after how long after the one before
 * @param seed decides over its details, so that it stays the same when others are left out
 */
record Deed(Kind kind, Duration after, long seed) {

    private static final int FEWEST = 20;
    private static final int MOST = 70;

    /** What happens. */
    enum Kind {
        COMMIT(60),
        LOG_MOVES(6),
        CHECKPOINT(5),
        KILL_CONSUMER(4),
        KILL_SLOT_READER(4),
        STOP_READER(4),
        FREEZE_CONSUMER(3),
        FREEZE_SLOT_READER(3),
        CUT_SLOT(5),
        SOURCE_CRASHES(2),
        API_GOES_AWAY(3),
        NETWORK_CHANGES(6),
        HOLD(5),
        TICK(4),
        TARGET_GOES_BACK(1),
        SLOT_IS_ADVANCED(1);

        private final int weight;

        Kind(int weight) {
            this.weight = weight;
        }

        private static Kind any(Random random) {
            int sum = 0;
            for (Kind kind : values()) {
                sum += kind.weight;
            }
            int left = random.nextInt(sum);
            for (Kind kind : values()) {
                left -= kind.weight;
                if (left < 0) {
                    return kind;
                }
            }
            throw new IllegalStateException("weights add up");
        }
    }

    /** What a seed makes of it. */
    static List<Deed> of(long seed) {
        Random random = new Random(seed);
        List<Deed> deeds = new ArrayList<>();
        int count = random.nextInt(FEWEST, MOST);
        for (int i = 0; i < count; i++) {
            int most = random.nextInt(100) < 85 ? 30 : 3_000;
            deeds.add(new Deed(Kind.any(random), Duration.ofMillis(random.nextInt(most)), random.nextLong()));
        }
        return deeds;
    }

    @Override
    public String toString() {
        return "%s after %d ms".formatted(kind, after.toMillis());
    }
}
