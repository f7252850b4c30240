package io.shadowwrite.cli.cutover;

import java.util.ArrayList;
import java.util.List;

/**
 * Undoes one thing after the other; what fails keeps nothing else from being undone, and being told to end does not either:
 * what that broke off is begun again, once. For one thread.
 */
final class Undo {

    private final List<String> failures = new ArrayList<>();
    private boolean interrupted;

    /** One thing, which may be done twice. */
    @FunctionalInterface
    interface Part {
        void undo() throws InterruptedException;
    }

    /** Whether it is undone. */
    boolean each(String what, Part part) {
        interrupted |= Thread.interrupted();
        try {
            againWhenInterrupted(part);
            return true;
        } catch (InterruptedException e) {
            interrupted = true;
            failures.add(what + ": interrupted");
        } catch (RuntimeException e) {
            failures.add("%s: %s".formatted(what, e.getMessage()));
        }
        return false;
    }

    /** What is not undone on purpose, with its reason. */
    void left(String failure) {
        failures.add(failure);
    }

    private void againWhenInterrupted(Part part) throws InterruptedException {
        try {
            part.undo();
        } catch (InterruptedException e) {
            interrupted = true;
            part.undo();
        }
    }

    /** What could not be undone, each with its reason; the thread is told again that it shall end. */
    List<String> over() {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return List.copyOf(failures);
    }
}
