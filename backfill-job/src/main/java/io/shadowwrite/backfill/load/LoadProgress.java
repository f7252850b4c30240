package io.shadowwrite.backfill.load;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Tells every step in a line of its own, {@code step slot.one 1.2s at 0/16B3748}, and during the load how far it is, {@code
 * rows load 1200000 of about 5000000, 130 MB, 240000/s, about 16 s left}. Lines only, so a file and a terminal get the same.
 * Thread-safe.
 */
public final class LoadProgress {

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long MEGABYTE = 1_000_000;

    private final PrintStream err;
    private final LongSupplier nanoTime;
    private final long startedNanos;

    // Guarded by this, as are the next four.
    private long beganNanos;
    private long toldNanos;
    private long expected;
    private long rows;
    private long bytes;

    public LoadProgress(PrintStream err) {
        this(err, System::nanoTime);
    }

    /** With a clock of its own, in nanoseconds. */
    LoadProgress(PrintStream err, LongSupplier nanoTime) {
        this.err = err;
        this.nanoTime = nanoTime;
        this.startedNanos = nanoTime.getAsLong();
    }

    /** A step begins or is done. */
    public synchronized void step(String id, String detail) {
        String text = detail.replaceAll("\\R", " ");
        line(String.format(
                Locale.ROOT,
                "step %s %.1fs%s",
                id,
                (nanoTime.getAsLong() - startedNanos) / 1e9,
                text.isEmpty() ? "" : " " + text));
    }

    /** The load begins; of about so many rows. */
    synchronized void begin(long expectedRows) {
        beganNanos = nanoTime.getAsLong();
        toldNanos = beganNanos;
        expected = expectedRows;
    }

    /** So many more rows were read, of so many bytes; those of a range that is sent again count again. */
    synchronized void read(long moreRows, long moreBytes) {
        rows += moreRows;
        bytes += moreBytes;
        long now = nanoTime.getAsLong();
        if (now - toldNanos >= PAUSE_NANOS) {
            toldNanos = now;
            tell((now - beganNanos) / 1e9);
        }
    }

    private void tell(double seconds) {
        double rate = rows / seconds;
        boolean known = expected > rows && rows > 0;
        line(String.format(
                Locale.ROOT,
                "rows load %d%s, %d MB, %.0f/s%s",
                rows,
                expected > 0 ? " of about " + expected : "",
                bytes / MEGABYTE,
                rate,
                known ? ", about %d s left".formatted(Math.round((expected - rows) / rate)) : ""));
    }

    private void line(String line) {
        err.println(line);
        err.flush();
    }
}
