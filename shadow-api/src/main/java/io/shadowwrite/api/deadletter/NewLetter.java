package io.shadowwrite.api.deadletter;

import io.shadowwrite.api.write.Parking.Event;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.LetterClass;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ParkRequest;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** A letter that is to be stored. */
record NewLetter(
        Event event,
        LogSequenceNumber endLsn,
        long xid,
        Instant committedAt,
        String sourceTable,
        String sourceKey,
        @Nullable String formerKey,
        Operation operation,
        LetterClass letterClass,
        String problem,
        String detail,
        @Nullable Long parkedBehind,
        @Nullable String payload,
        @Nullable List<ShadowWrite> writes) {

    /** In place of a code: nobody has tried the change. */
    static final String PARKED_BEHIND = "PARKED_BEHIND";

    /** What the consumer was refused. */
    static NewLetter of(ParkRequest request, @Nullable Long parkedBehind) {
        return new NewLetter(
                new Event(request.commitLsn(), request.changeIndex()),
                request.endLsn(),
                request.xid(),
                request.committedAt(),
                request.sourceTable(),
                request.sourceKey(),
                request.formerKey(),
                request.operation(),
                request.letterClass(),
                request.problem(),
                request.detail(),
                parkedBehind,
                request.payload(),
                request.writes());
    }

    /** A change of a row that waits already. */
    static NewLetter behind(TransactionWrites transaction, ChangeWrites change, long first) {
        return new NewLetter(
                Event.of(transaction, change),
                transaction.endLsn(),
                transaction.xid(),
                transaction.committedAt(),
                change.sourceTable(),
                change.sourceKey(),
                change.formerKey(),
                change.operation(),
                LetterClass.REJECTED,
                PARKED_BEHIND,
                "waits for letter %d".formatted(first),
                first,
                null,
                change.writes());
    }
}
