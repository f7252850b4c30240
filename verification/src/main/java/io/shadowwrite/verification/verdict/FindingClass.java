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
    /** A difference on a row that was being written whenever it was looked at, once or several times. */
    VERIFIER_RACE_WINDOW(false),
    /** The two readers do not agree on an event. */
    RECEIPT_MISMATCH(true);

    private final boolean blocking;

    FindingClass(boolean blocking) {
        this.blocking = blocking;
    }

    /**
     * Whether a row that is being written can look like that. Two versions of a key never do: a transaction closes one and
     * opens the other.
     */
    public boolean mayBeARace() {
        return switch (this) {
            case MISSING_IN_RDB, EXTRA_IN_RDB, VALUE_MISMATCH, REPRESENTATION_ONLY_DIFFERENCE -> true;
            case DUPLICATE_CURRENT_VERSION, VERIFIER_RACE_WINDOW, RECEIPT_MISMATCH -> false;
        };
    }

    /** Whether it makes a tick dirty. */
    public boolean blocking() {
        return blocking;
    }
}
