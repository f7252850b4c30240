package io.shadowwrite.replication.slot;

import io.shadowwrite.replication.NotYet;
import io.shadowwrite.replication.StreamProblem;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The logical slots of a source. Uses the given ordinary connection from the calling thread and leaves it open. */
public final class ReplicationSlots {

    private final Connection connection;

    /** Works through an ordinary SQL connection in auto-commit mode. */
    public ReplicationSlots(Connection connection) {
        this.connection = connection;
    }

    /** The slot of that name, whatever its plug-in or database. */
    public Optional<SlotInfo> find(String name) {
        return NotYet.written(connection + name);
    }

    /** The logical slots whose names start with the prefix, by name. */
    public List<SlotInfo> list(String prefix) {
        return NotYet.written(prefix);
    }

    /**
     * Creates a permanent wal2json slot in this database. Waits for older transactions at most {@code maxWait}; nothing
     * stays behind when that is not enough.
     *
     * @throws StreamProblem SLOT_EXISTS, SLOT_WAIT, WAL_LEVEL, PLUGIN_MISSING, PLUGIN_NOT_ALLOWED, NO_FREE_SLOT, PRIVILEGE
     */
    public CreatedSlot create(String name, Duration maxWait) {
        return NotYet.written(name + maxWait);
    }

    /**
     * Drops the slot; a slot that does not exist is no error.
     *
     * @throws StreamProblem SLOT_IN_USE while somebody reads it
     */
    public void drop(String name) {
        NotYet.written(name);
    }
}
