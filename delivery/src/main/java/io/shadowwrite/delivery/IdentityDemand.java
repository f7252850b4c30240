package io.shadowwrite.delivery;

import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.replication.source.ReplicaIdentity;
import org.jspecify.annotations.Nullable;

/** What a reader asks of the old rows that the WAL carries, beyond that there are any. */
@FunctionalInterface
public interface IdentityDemand {

    /** A reader that only attests what it sees. */
    IdentityDemand NONE = (_, _) -> null;

    /** What is missing and the SQL that adds it; null when nothing is. */
    @Nullable String shortfall(SourceTable.Mapped table, ReplicaIdentity actual);
}
