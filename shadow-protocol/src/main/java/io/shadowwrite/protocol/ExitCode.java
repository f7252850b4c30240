package io.shadowwrite.protocol;

/** How every program of the suite ends; scripts and schedulers decide by it. */
public enum ExitCode {
    DONE(0),
    UNEXPECTED(1),
    USAGE(2),
    /** Contract or configuration invalid: only another contract or other settings help. */
    INVALID(3),
    /** Cannot connect, or forbidden. */
    UNREACHABLE(4),
    /** Completed, and there are findings: a stored verdict when the caller asked to fail on that, contracts that differ. */
    DIRTY(10),
    GATE_BLOCKED(11),
    /** Stored and inconclusive, or left out for a cutover, when the caller asked to fail on that. */
    INCONCLUSIVE(12),
    /** Nothing was changed, because what is there does not allow it. */
    REFUSED(13),
    /** What was waited for did not come in time. */
    TIMED_OUT(14);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    /** What the operating system is told. */
    public int code() {
        return code;
    }
}
