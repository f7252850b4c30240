package io.shadowwrite.protocol;

/** What a reader of a slot is doing, as its health shows it and as {@link PositionReport} carries it. */
public enum ReaderState {
    /** On the way to the slot: checking, connecting, or waiting for the window to open. */
    STARTING,
    /** Another instance holds the slot; this one takes over when it lets go. */
    WAITING_FOR_SLOT,
    STREAMING,
    /** A hold stands before the next transaction. */
    HOLDING,
    /** Stopped by something only a person can decide; nothing more is acknowledged. */
    HALTED,
    STOPPING;

    /** Whether this state may be followed by the other. A state may always be confirmed, with a new reason. */
    public boolean mayBecome(ReaderState next) {
        return switch (this) {
            case STARTING, WAITING_FOR_SLOT -> next != HOLDING;
            case STREAMING, HOLDING -> true;
            // A halt is answered by an operator's restart and by nothing else.
            case HALTED -> next == HALTED || next == STOPPING;
            case STOPPING -> next == STOPPING;
        };
    }
}
