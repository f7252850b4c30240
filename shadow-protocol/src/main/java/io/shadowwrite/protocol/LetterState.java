package io.shadowwrite.protocol;

/** What became of a dead letter. */
public enum LetterState {
    /** A hole: the change is not applied, and every later change of its row waits. */
    OPEN,
    /** The stream, which has not passed the change yet, shall try it again; if it is refused again, the letter opens again. */
    RELEASED,
    /** Applied. */
    REPLAYED,
    /** Given up: never applied, for a reason and by somebody. */
    RESOLVED
}
