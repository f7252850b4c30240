package io.shadowwrite.consumer.delivery;

import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.replication.source.ReplicaIdentity;
import org.jspecify.annotations.Nullable;

/** Whether the WAL carries as much of an old row as the contract counts on. */
final class IdentityRule {

    private IdentityRule() {}

    /** What is missing and the SQL that adds it; null when nothing is. More than the contract asks for is fine. */
    static @Nullable String shortfall(SourceTable.Mapped table, ReplicaIdentity actual) {
        if (table.contentWith(actual.kind() == ReplicaIdentity.Kind.FULL, actual.keyColumns())) {
            return null;
        }
        return table.identity() == SourceTable.Identity.FULL
                ? "REPLICA_IDENTITY: the contract counts on the whole old row of %s, the WAL carries %s. %s"
                        .formatted(actual.leaf(), actual.keyColumns(), fullIdentity(actual))
                : "REPLICA_IDENTITY: the contract's key of %s is %s, the WAL carries %s of an old row. %s"
                        .formatted(actual.leaf(), table.key(), actual.keyColumns(), fullIdentity(actual));
    }

    private static String fullIdentity(ReplicaIdentity actual) {
        QualifiedName leaf =
                new QualifiedName(actual.leaf().schema(), actual.leaf().name());
        return "ALTER TABLE " + leaf.quoted() + " REPLICA IDENTITY FULL;";
    }
}
