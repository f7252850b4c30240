package io.shadowwrite.replication.slot;

import org.postgresql.replication.LogSequenceNumber;

/**
 * A slot that was just created.
 *
 * @param name name of the slot
 * @param consistentPoint the slot delivers exactly the transactions with a commit LSN at or above
 */
public record CreatedSlot(String name, LogSequenceNumber consistentPoint) {}
