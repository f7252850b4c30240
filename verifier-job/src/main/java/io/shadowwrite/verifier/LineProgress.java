package io.shadowwrite.verifier;

import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.progress.Step;
import java.io.PrintStream;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells every step in a line of its own, {@code step pin.source 1.2s at 0/16B3748}, and during long ones how many rows were
 * read, {@code rows compare 1200000 of about 5000000, 240000/s, about 16 s left}. Lines only, so a file and a terminal get
 * the same. When nothing was told for a while, {@code still compare 30.0s} says that it goes on. Thread-safe.
 */
final class LineProgress implements Progress, AutoCloseable {

    /** Between two lines about the rows of one step. */
    static final Duration PAUSE = Duration.ofSeconds(2);

    /** After so long without a line there is one. */
    static final Duration QUIET = Duration.ofSeconds(10);

    private final PrintStream err;
    private final LongSupplier nanoTime;
    private final long startedNanos;
    // Guarded by this, as are the next two.
    private final Map<Step, Counted> counted = new EnumMap<>(Step.class);
    private @Nullable Step current;
    private long lastLineNanos;

    private @Nullable Thread reminding;

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
        this.lastLineNanos = startedNanos;
    }

    /** The same that says by itself that it goes on, until it is closed. */
    static LineProgress lively(PrintStream err) {
        LineProgress progress = new LineProgress(err);
        progress.reminding = Thread.ofVirtual().name("progress").start(progress::remindNowAndThen);
        return progress;
    }

    private void remindNowAndThen() {
        try {
            while (true) {
                Thread.sleep(QUIET);
                remind();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says where it stands when nobody has for a while. */
    synchronized void remind() {
        long now = nanoTime.getAsLong();
        Step step = current;
        if (step == null || now - lastLineNanos < QUIET.toNanos()) {
            return;
        }
        Counted sum = of(step);
        String seconds = String.format(Locale.ROOT, "%.1fs", seconds(now - sum.beganNanos));
        line("still %s %s%s"
                .formatted(step.id(), seconds, sum.expected > 0 ? ", about %d rows".formatted(sum.expected) : ""));
    }

    @Override
    public void close() {
        if (reminding != null) {
            reminding.interrupt();
        }
    }

    @Override
    public synchronized void step(Step step, String detail) {
        long now = nanoTime.getAsLong();
        if (step == Step.PIN_BEGIN) {
            // Of the tick before, or of an attempt that read nothing.
            counted.clear();
        }
        counted.computeIfAbsent(step, _ -> new Counted(now));
        current = step;
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
        lastLineNanos = nanoTime.getAsLong();
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
