package io.shadowwrite.protocol;

/** Whose hours the ticks of a window stand for. */
public enum TickClock {
    /** The source's own clock. */
    SOURCE,
    /** Hours that somebody made up, for a demonstration; what they prove is shown as made up wherever it shows. */
    SIMULATED
}
