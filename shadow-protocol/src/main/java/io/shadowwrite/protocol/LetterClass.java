package io.shadowwrite.protocol;

/** Why a change waits. What passes by itself has no class: it is retried without end and never becomes a letter. */
public enum LetterClass {
    /** The change is refused; the stream goes on, and later changes of the row wait behind it. */
    REJECTED,
    /** What comes after it cannot be trusted either; the stream stands before it until a person decides. */
    HALTING
}
