package io.shadowwrite.api.fold;

import io.shadowwrite.protocol.TransactionWrites;
import org.jspecify.annotations.Nullable;

/**
 * The source change that asks for a write.
 *
 * @param formerKey the source row's key before, when the change gave it another one
 */
public record Origin(
        TransactionWrites transaction,
        int changeIndex,
        String sourceTable,
        String sourceKey,
        @Nullable String formerKey) {

    boolean isChangeOf(@Nullable Origin other) {
        return other != null
                && changeIndex == other.changeIndex
                && transaction.commitLsn().equals(other.transaction.commitLsn());
    }
}
