package io.shadowwrite.protocol;

/** The kinds of difference between source and target. */
public enum FindingClass {
    MISSING_IN_RDB(true),
    EXTRA_IN_RDB(true),
    VALUE_MISMATCH(true),
    DUPLICATE_CURRENT_VERSION(true),
    UNMAPPED_SOURCE_ROW(false),
    REPRESENTATION_ONLY_DIFFERENCE(false),
    /** A difference on a row that was being written while the pin was taken, and still was when it was looked at again. */
    VERIFIER_RACE_WINDOW(false),
    /** The two readers do not agree on the events of an LSN window (SC1). */
    RECEIPT_MISMATCH(true);

    private final boolean blocking;

    FindingClass(boolean blocking) {
        this.blocking = blocking;
    }

    public boolean blocking() {
        return blocking;
    }
}
