package io.shadowwrite.verifier;

/** How the process ends. */
enum Exit {
    /** The verdict is stored. */
    DONE(0),
    UNEXPECTED(1),
    /** Contract or configuration invalid. */
    INVALID(3),
    /** Cannot connect, or forbidden. */
    UNREACHABLE(4),
    /** Stored and dirty, when the caller asked to fail on that. */
    DIRTY(10),
    /** Stored and inconclusive, when the caller asked to fail on that. */
    INCONCLUSIVE(12);

    private final int code;

    Exit(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
