package io.shadowwrite.system.quickstart;

import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.Suite;
import java.time.Duration;
import java.time.Instant;

/** Hours of a simulated clock, each with a real verification. Not thread-safe. */
final class Hours {

    /** Few enough to hear of them within half a minute, and many enough not to start a process for each few. */
    private static final int HOURS_AT_ONCE = 56;

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
            int code = suite.verify(next, 1);
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

    /** Lets as many hours be judged one after the other, some in each process, and demands that each is clean. */
    void expectClean(int hours) {
        for (int judged = 0; judged < hours; judged += HOURS_AT_ONCE) {
            int last = Math.min(hours, judged + HOURS_AT_ONCE);
            expectClean(judged, last - judged);
        }
    }

    private void expectClean(int before, int hours) {
        String what = "simulated hours %d to %d".formatted(before + 1, before + hours);
        steps.step(what, "read " + suite.log(Program.VERIFIER), () -> {
            long started = System.nanoTime();
            int code = suite.verify(next, hours);
            next = next.plus(Duration.ofHours(hours));
            int streak = suite.api().status().streak();
            if (code != 0 || streak < before + hours) {
                throw new IllegalStateException("exit %d after %d clean hours".formatted(code, streak));
            }
            steps.say("%s: each %s, together in %.1f s"
                    .formatted(what, Verdict.CLEAN, (System.nanoTime() - started) / 1e9));
        });
    }
}
