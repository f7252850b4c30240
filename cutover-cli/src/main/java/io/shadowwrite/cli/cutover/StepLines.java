package io.shadowwrite.cli.cutover;

import java.io.PrintWriter;
import java.util.Locale;

/** Tells every step in a line of its own, {@code step drain 12.3s ...}, and how long ones get on. Thread-safe. */
public final class StepLines {

    private final PrintWriter err;
    private final long startedNanos = System.nanoTime();

    public StepLines(PrintWriter err) {
        this.err = err;
    }

    void at(CutoverStep step, String detail) {
        String seconds = String.format(Locale.ROOT, "%.1fs", (System.nanoTime() - startedNanos) / 1e9);
        line("step %s %s%s".formatted(step.id(), seconds, detail.isEmpty() ? "" : " " + detail));
    }

    synchronized void line(String text) {
        err.println(text.replaceAll("\\R", " "));
        err.flush();
    }
}
