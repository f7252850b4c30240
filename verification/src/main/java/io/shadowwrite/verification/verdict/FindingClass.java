package io.shadowwrite.verification.verdict;

/** The kinds of difference. */
public enum FindingClass {
    /** A source row without its target row. */
    MISSING_IN_RDB(true),
    /** A current target row without a source row. */
    EXTRA_IN_RDB(true),
    VALUE_MISMATCH(true),
    /** More than one current version of a key. */
    DUPLICATE_CURRENT_VERSION(true),
    /** The same value in another spelling. */
    REPRESENTATION_ONLY_DIFFERENCE(false),
    /** The two readers do not agree on an event. */
    RECEIPT_MISMATCH(true);

    private final boolean blocking;

    FindingClass(boolean blocking) {
        this.blocking = blocking;
    }

    /** Whether it makes a tick dirty. */
    public boolean blocking() {
        return blocking;
    }
}
