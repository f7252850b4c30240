package io.shadowwrite.protocol;

import org.jspecify.annotations.Nullable;

/** A request that shadow-api answered with a problem, or that it never answered. */
public final class ShadowProblem extends RuntimeException {

    private final ProblemType type;

    public ShadowProblem(ProblemType type, String detail, @Nullable Throwable cause) {
        super(type + ": " + detail, cause);
        this.type = type;
    }

    public ShadowProblem(ProblemType type, String detail) {
        this(type, detail, null);
    }

    public ProblemType type() {
        return type;
    }

    public boolean retryable() {
        return type.handling() == ProblemType.Handling.RETRYABLE;
    }
}
