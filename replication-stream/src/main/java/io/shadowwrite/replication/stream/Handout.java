package io.shadowwrite.replication.stream;

import org.postgresql.replication.LogSequenceNumber;

/** What one {@link ChangeStream#take} hands out: whole transactions, or a part of one that is too large to be held whole. */
public sealed interface Handout permits Batch, Part {

    /**
     * Every transaction with row changes or messages and a commit LSN below was handed out whole, up to and including this.
     * Once all of it is stored, {@link ChangeStream#applied} may be told.
     */
    LogSequenceNumber completeBelow();
}
