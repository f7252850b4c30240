package io.shadowwrite.simulation;

/** Something that the suite must never do, so that the simulation can show that it would notice. */
enum Mutation {
    NONE("nothing"),
    /** The source is told to forget what has arrived, as the driver does by itself unless it is told not to. */
    CONFIRMS_WHAT_IT_RECEIVED("a slot has confirmed more than is stored"),
    /** The slot reader leaves out the last change of a transaction. */
    SKIPS_A_RECEIPT("a change below the slot reader's position has no receipt"),
    /** The target stores rows and receipts, and not how far they go. */
    LOSES_THE_POSITION("more transactions are applied than are below the position"),
    /** The target takes batches as they arrive, for nobody says what a batch continues. */
    SWAPS_THE_ORDER("a transaction was applied where another is due");

    private final String invariant;

    Mutation(String invariant) {
        this.invariant = invariant;
    }

    /** In the words in which the simulation tells that it does not hold. */
    String invariant() {
        return invariant;
    }
}
