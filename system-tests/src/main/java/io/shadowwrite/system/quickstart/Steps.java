package io.shadowwrite.system.quickstart;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Prints what happens, one line a step, with the seconds since the start. */
final class Steps {

    private final PrintStream out;
    private final long started = System.nanoTime();

    Steps(PrintStream out) {
        this.out = out;
    }

    void say(String message) {
        out.printf(Locale.ROOT, "[%5.1fs] %s%n", seconds(), message);
        out.flush();
    }

    /** Says which of the five phases begins. */
    void phase(int number, String name) {
        out.printf("%n%d/5 %s%n", number, name);
        out.flush();
    }

    /** Runs a step; what it throws is named with the step and the fix. */
    <T> T step(String what, String fix, Callable<T> body) {
        try {
            return body.call();
        } catch (Exception | AssertionError e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new StepFailed(what, fix, e);
        }
    }

    void step(String what, String fix, Runnable body) {
        step(what, fix, () -> {
            body.run();
            return null;
        });
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    private double seconds() {
        return elapsed().toMillis() / 1000.0;
    }

    /** A step that did not do what it says. */
    static final class StepFailed extends RuntimeException {
        StepFailed(String what, String fix, Throwable cause) {
            super("%s: %s%nFix: %s".formatted(what, cause.getMessage(), fix), cause);
        }
    }
}
