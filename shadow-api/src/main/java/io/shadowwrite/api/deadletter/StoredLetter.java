package io.shadowwrite.api.deadletter;

import io.shadowwrite.api.write.Parking.Event;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.LetterClass;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A letter with what it takes to apply it.
 *
 * @param writes the corrected ones if there are any, else its own; null when it has none
 * @param corrected whether an operator wrote them
 */
record StoredLetter(
        long id,
        Event event,
        LogSequenceNumber endLsn,
        long xid,
        Instant committedAt,
        String sourceTable,
        String sourceKey,
        @Nullable String formerKey,
        Operation operation,
        LetterClass letterClass,
        LetterState state,
        @Nullable List<ShadowWrite> writes,
        boolean corrected) {

    /** Its change alone, in its transaction. */
    TransactionWrites transaction(List<ChangeWrites> changes) {
        return new TransactionWrites(event.commitLsn(), endLsn, xid, committedAt, changes);
    }

    /** Its change as the stream would bring it; without a digest, which only receipts need. */
    ChangeWrites change(List<ShadowWrite> present) {
        return new ChangeWrites(event.changeIndex(), sourceTable, sourceKey, formerKey, operation, "", true, present);
    }
}
