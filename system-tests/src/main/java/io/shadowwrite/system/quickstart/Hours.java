package io.shadowwrite.system.quickstart;

import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.Suite;
import java.time.Duration;
import java.time.Instant;

/** Hours of a simulated clock, each with a real verification. Not thread-safe. */
final class Hours {

    private static final Instant FIRST = Instant.parse("2001-01-01T00:00:00Z");

    private final Suite suite;
    private final Steps steps;

    // Counts on with every tick.
    private Instant next = FIRST;

    Hours(Suite suite, Steps steps) {
        this.suite = suite;
        this.steps = steps;
    }

    /** Lets the next hour be judged, and demands what it comes to. */
    RunSummary expect(Verdict wanted, String what) {
        return steps.step(what, "read " + suite.log(Program.VERIFIER), () -> {
            long started = System.nanoTime();
            int code = suite.verify(next);
            next = next.plus(Duration.ofHours(1));
            RunSummary run = suite.api().runs(1, null, null, null).runs().getFirst();
            if (run.verdict() != wanted) {
                throw new IllegalStateException(
                        "%s instead of %s (exit %d): %s".formatted(run.verdict(), wanted, code, run.reason()));
            }
            steps.say("%s: %s in %.1f s, %s"
                    .formatted(what, run.verdict(), (System.nanoTime() - started) / 1e9, run.reason()));
            return run;
        });
    }
}
