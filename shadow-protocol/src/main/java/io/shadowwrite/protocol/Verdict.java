package io.shadowwrite.protocol;

/** How a tick ended. */
public enum Verdict {
    CLEAN,
    DIRTY,
    /** Neither: the tick could not be decided, which never counts as clean. */
    INCONCLUSIVE
}
