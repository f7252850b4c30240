package io.shadowwrite.cli.cutover;

/** What an attempt does one after the other; the names are stable, for scripts that wait for one. */
public enum CutoverStep {
    PRECONDITIONS("preconditions"),
    GATE("gate"),
    FENCE("fence"),
    MARK("mark"),
    QUIET("quiet"),
    FINAL_LSN("final-lsn"),
    DRAIN("drain"),
    VERIFY("verify"),
    SEQUENCES("sequences"),
    DECIDE("decide"),
    PERMITTED("permitted"),
    UNDO("undo"),
    BLOCKED("blocked");

    private final String id;

    CutoverStep(String id) {
        this.id = id;
    }

    /** As it is told. */
    public String id() {
        return id;
    }
}
