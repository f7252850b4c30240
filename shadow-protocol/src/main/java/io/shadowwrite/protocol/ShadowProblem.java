package io.shadowwrite.protocol;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that shadow-api answered with a problem, or that it never answered. */
public final class ShadowProblem extends RuntimeException {

    private final ProblemType type;
    private final String detail;
    private final transient Map<String, String> facts;

    public ShadowProblem(ProblemType type, String detail, Map<String, String> facts, @Nullable Throwable cause) {
        super(type + ": " + detail, cause);
        this.type = type;
        this.detail = detail;
        this.facts = Map.copyOf(facts);
    }

    public ShadowProblem(ProblemType type, String detail, @Nullable Throwable cause) {
        this(type, detail, Map.of(), cause);
    }

    public ShadowProblem(ProblemType type, String detail) {
        this(type, detail, Map.of(), null);
    }

    public ProblemType type() {
        return type;
    }

    /** What happened and what to do, in one line; never a row value. */
    public String detail() {
        return detail;
    }

    /** What the problem is about, such as {@code commit_lsn} and {@code change_index} of a refused write. */
    public Map<String, String> facts() {
        return facts;
    }

    public boolean retryable() {
        return type.handling() == ProblemType.Handling.RETRYABLE;
    }
}
