package io.shadowwrite.verification.verdict;

/** How a tick ended. */
public enum Verdict {
    CLEAN,
    DIRTY,
    /** Neither: it could not be decided, which never counts as clean. */
    INCONCLUSIVE
}
