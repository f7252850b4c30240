package io.shadowwrite.cli.cutover;

import java.util.ArrayList;
import java.util.List;

/** Undoes one thing after the other; what fails keeps nothing else from being undone. */
final class Undo {

    private final List<String> failures = new ArrayList<>();

    /** One thing. */
    @FunctionalInterface
    interface Part {
        void undo() throws InterruptedException;
    }

    void each(String what, Part part) {
        try {
            part.undo();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failures.add(what + ": interrupted");
        } catch (RuntimeException e) {
            failures.add("%s: %s".formatted(what, e.getMessage()));
        }
    }

    /** What could not be undone, each with its reason. */
    List<String> failures() {
        return List.copyOf(failures);
    }
}
