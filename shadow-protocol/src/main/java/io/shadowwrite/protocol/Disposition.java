package io.shadowwrite.protocol;

/** What became of one source change; every change has exactly one. */
public enum Disposition {
    /** At least one write reached the target. */
    APPLIED,
    /** In scope, and the target needed nothing: for example an update of a row that stays outside its filter. */
    NO_OP,
    /** Out of scope by contract: the table is unmapped. */
    FILTERED,
    /** Waiting as a dead letter. */
    PARKED
}
