package io.shadowwrite.protocol;

/** What an hour that was missed, or judged inconclusive, does to the run of clean hours. A dirty one always ends it. */
public enum GapPolicy {
    /** It ends the run; the next clean hour is the first again. */
    RESET,
    /** It counts for nothing: the run stands still. */
    HOLD
}
