package io.shadowwrite.api.clock;

import io.shadowwrite.api.database.ShadowDatabase;

/**
 * Looks at the target's clock and remembers what it saw in {@code shadow.clock}: when it is set back, the time by which it
 * went back is added up, so that what ends by this clock ends no later for it. Thread-safe.
 */
public final class TargetClock {

    private static final String LOOK = """
            update shadow.clock
               set lost_micros = lost_micros + greatest(0, extract(epoch from seen - clock_timestamp()) * 1000000)::bigint,
                   seen = clock_timestamp()
            """;

    private final ShadowDatabase database;

    public TargetClock(ShadowDatabase database) {
        this.database = database;
    }

    /** Looks once more; whatever happens to the clock between two looks without its going back in sum, nobody knows. */
    public void look() {
        database.jdbc().sql(LOOK).update();
    }
}
