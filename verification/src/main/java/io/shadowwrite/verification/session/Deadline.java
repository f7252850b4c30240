package io.shadowwrite.verification.session;

import io.shadowwrite.verification.session.VerificationProblem.Code;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The moment by which something has to be done, however many statements it takes, each of which has a bound of its own. */
public final class Deadline {

    /** What was cancelled and interrupted is over at once, unless a server has fallen silent. */
    private static final Duration BREAKING_OFF = Duration.ofSeconds(10);

    private final Duration bound;
    private final long atNanos;

    private Deadline(Duration bound) {
        this.bound = bound;
        this.atNanos = System.nanoTime() + bound.toNanos();
    }

    public static Deadline in(Duration bound) {
        return new Deadline(bound);
    }

    /** This one, or one after so long if that comes before. */
    public Deadline orIn(Duration other) {
        Deadline sooner = new Deadline(other);
        return sooner.atNanos - atNanos < 0 ? sooner : this;
    }

    public boolean isOver() {
        return System.nanoTime() - atNanos >= 0;
    }

    /**
     * Does the work in a thread of its own, and breaks it off when the time is over.
     *
     * @param what is done, for the problem
     * @param breakOff told the problem, makes the work fail with it
     * @throws VerificationProblem TOO_SLOW, or what the work throws
     */
    public <T> T keep(String what, Consumer<VerificationProblem> breakOff, Supplier<T> work) {
        FutureTask<T> task = new FutureTask<>(work::get);
        Thread thread = Thread.ofVirtual().name("verifier-work").start(task);
        try {
            return task.get(atNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            VerificationProblem tooSlow = tooSlow(what, e);
            breakOff.accept(tooSlow);
            end(thread);
            throw tooSlow;
        } catch (InterruptedException e) {
            end(thread);
            Thread.currentThread().interrupt();
            throw new VerificationProblem(Code.TOO_SLOW, "the tick was interrupted", "Run it again", e);
        } catch (ExecutionException e) {
            throw rethrown(e);
        }
    }

    private VerificationProblem tooSlow(String what, TimeoutException e) {
        return new VerificationProblem(
                Code.TOO_SLOW,
                "%s did not end within %d s".formatted(what, bound.toSeconds()),
                "Give the verifier more readers or more time (shadow.verifier.readers, .tick-timeout)",
                e);
    }

    /** A read that waits for its server ends with the thread, too, which is a virtual one. */
    private static void end(Thread thread) {
        thread.interrupt();
        try {
            thread.join(BREAKING_OFF);
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
    }

    private static RuntimeException rethrown(ExecutionException wrapped) {
        return switch (wrapped.getCause()) {
            case RuntimeException problem -> problem;
            case Error error -> throw error;
            case null, default -> new IllegalStateException("a tick failed unexpectedly", wrapped);
        };
    }
}
