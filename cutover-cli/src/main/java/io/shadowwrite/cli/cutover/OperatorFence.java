package io.shadowwrite.cli.cutover;

import org.jspecify.annotations.Nullable;

/** People have paused the writers. */
public record OperatorFence() implements Fence {

    /** Nothing stays engaged with it. */
    static final String KIND = "operator";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public String would() {
        return "rely on you to have paused every writer of the source, and prove it from the WAL";
    }

    @Override
    public @Nullable String objection() {
        return null;
    }

    @Override
    public @Nullable String strange() {
        return null;
    }

    @Override
    public String engage() {
        return "";
    }

    @Override
    public void release() {
        // They will.
    }
}
