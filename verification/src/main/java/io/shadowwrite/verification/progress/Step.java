package io.shadowwrite.verification.progress;

/** The steps of a verification, in their order. Their names are stable: scripts and tests wait for them. */
public enum Step {
    /** Both databases are about to be brought to one LSN. */
    PIN_BEGIN("pin.begin"),
    /** The source's snapshot stands. */
    PIN_SOURCE("pin.source"),
    /** The consumer is held: at the place of that snapshot, or, when it was beyond already, until there is another snapshot. */
    PIN_HELD("pin.held"),
    /** Both readers have arrived where the source's snapshot stands. */
    PIN_READERS("pin.readers"),
    /** The target's snapshot stands, at the same LSN. */
    PIN_TARGET("pin.target"),
    /** The consumer goes on. */
    PIN_RELEASED("pin.released"),
    /** This pin is not possible; it may be tried again, or another one. */
    PIN_MISSED("pin.missed"),
    /** The receipts of both readers are about to be compared. */
    ATTEST("attest"),
    /** Rows of models and entries of the key map are about to be summed, and the models then judged. */
    COMPARE("compare"),
    /** The key map is about to be judged. */
    COMPARE_KEYS("compare.keys"),
    /** Buckets differ, and their rows are about to be compared one by one. */
    DRILL("drill"),
    /** Differences are looked at once more, because the rows may have changed between the two snapshots. */
    RELIEF("relief"),
    /** The verdict is known. */
    VERDICT("verdict"),
    /** The verdict is about to be stored. */
    STORE("store"),
    /** The verdict is stored. */
    STORED("stored");

    private final String id;

    Step(String id) {
        this.id = id;
    }

    /** The name that stands in the line. */
    public String id() {
        return id;
    }
}
