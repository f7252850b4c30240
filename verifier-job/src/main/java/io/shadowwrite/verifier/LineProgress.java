package io.shadowwrite.verifier;

import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.progress.Step;
import java.io.PrintStream;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Tells every step in a line of its own, {@code step pin.source 1.2s at 0/16B3748}, and during long ones how many rows were
 * read, {@code rows compare 1200000 of about 5000000, 240000/s, about 16 s left}. Lines only, so a file and a terminal get
 * the same. Thread-safe.
 */
final class LineProgress implements Progress {

    /** Between two lines about the rows of one step. */
    static final Duration PAUSE = Duration.ofSeconds(2);

    private final PrintStream err;
    private final LongSupplier nanoTime;
    private final long startedNanos;
    // Guarded by this.
    private final Map<Step, Counted> counted = new EnumMap<>(Step.class);

    /** Rows of one step. */
    private static final class Counted {
        private final long beganNanos;
        private long toldNanos;
        private long expected;
        private long read;

        Counted(long nowNanos) {
            this.beganNanos = nowNanos;
            this.toldNanos = nowNanos;
        }
    }

    LineProgress(PrintStream err) {
        this(err, System::nanoTime);
    }

    /** With a clock of its own, in nanoseconds. */
    LineProgress(PrintStream err, LongSupplier nanoTime) {
        this.err = err;
        this.nanoTime = nanoTime;
        this.startedNanos = nanoTime.getAsLong();
    }

    @Override
    public synchronized void step(Step step, String detail) {
        long now = nanoTime.getAsLong();
        counted.computeIfAbsent(step, _ -> new Counted(now));
        line(String.format(
                Locale.ROOT,
                "step %s %.1fs%s",
                step.id(),
                seconds(now - startedNanos),
                detail.isEmpty() ? "" : " " + oneLine(detail)));
    }

    @Override
    public synchronized void expect(Step step, long rows) {
        of(step).expected += rows;
    }

    @Override
    public synchronized void rows(Step step, long rows) {
        Counted sum = of(step);
        sum.read += rows;
        long now = nanoTime.getAsLong();
        if (now - sum.toldNanos < PAUSE.toNanos()) {
            return;
        }
        sum.toldNanos = now;
        tell(step, sum, seconds(now - sum.beganNanos));
    }

    private void tell(Step step, Counted sum, double seconds) {
        double rate = sum.read / seconds;
        boolean known = sum.expected > sum.read && sum.read > 0;
        double left = (sum.expected - sum.read) / rate;
        line(String.format(
                Locale.ROOT,
                "rows %s %d%s, %.0f/s%s",
                step.id(),
                sum.read,
                sum.expected > 0 ? " of about " + sum.expected : "",
                rate,
                known ? ", about %d s left".formatted(Math.round(left)) : ""));
    }

    private Counted of(Step step) {
        return counted.computeIfAbsent(step, _ -> new Counted(nanoTime.getAsLong()));
    }

    private void line(String line) {
        err.println(line);
        err.flush();
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\R", " ");
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
