package io.shadowwrite.protocol;

/** What the gate decided. */
public enum CutoverDecision {
    /** The writers may be repointed until the permit expires. */
    PERMIT,
    /** They may not, for the reasons recorded. */
    BLOCK,
    /** They are, all of them: nothing of the source is ever applied again. */
    FINISH
}
