package io.shadowwrite.replication.source;

import io.shadowwrite.replication.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How updates and deletes of one table (each partition is its own) name the old row in the WAL.
 *
 * @param table the table that was asked for; for a partition the root of its tree
 * @param leaf the table that holds rows
 * @param leafOid what that table stays while it is renamed or moved to another schema
 * @param kind what REPLICA IDENTITY is set to
 * @param keyColumns columns of the primary key, or of the chosen index; empty when there is none
 * @param problem why updates and deletes of this table would vanish silently, or null when they arrive
 * @param fix the SQL that repairs it, or null
 */
public record ReplicaIdentity(
        TableName table,
        TableName leaf,
        long leafOid,
        Kind kind,
        List<String> keyColumns,
        @Nullable String problem,
        @Nullable String fix) {

    /** The setting of the table. */
    public enum Kind {
        DEFAULT,
        FULL,
        INDEX,
        NOTHING
    }

    public ReplicaIdentity {
        keyColumns = List.copyOf(keyColumns);
    }

    /** Whether every update and delete of this table reaches a reader of the slot. */
    public boolean usable() {
        return problem == null;
    }
}
