package io.shadowwrite.api.write;

import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;

/**
 * What is recorded about changes while they are applied: who wrote a row, and what became of each change. Belongs to one
 * request and one thread.
 */
public interface Records {

    /** A write that changed the target. */
    void written(TransactionWrites transaction, ChangeWrites change, ShadowWrite write);

    /**
     * A change whose writes are all folded.
     *
     * @param effective whether one of them changed the target
     */
    void changed(TransactionWrites transaction, ChangeWrites change, boolean effective);

    /** Stores all of it; in the caller's transaction. */
    void store();
}
