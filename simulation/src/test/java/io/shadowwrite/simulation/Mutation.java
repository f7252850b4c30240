package io.shadowwrite.simulation;

/** Something that the suite must never do, so that the simulation can show that it would notice. */
enum Mutation {
    NONE,
    /** The source is told to forget what has arrived, as the driver does by itself unless it is told not to. */
    CONFIRMS_WHAT_IT_RECEIVED,
    /** The slot reader leaves out the last change of a transaction. */
    SKIPS_A_RECEIPT,
    /** The target stores rows and receipts, and not how far they go. */
    LOSES_THE_POSITION,
    /** The target takes batches as they arrive. */
    SWAPS_THE_ORDER
}
