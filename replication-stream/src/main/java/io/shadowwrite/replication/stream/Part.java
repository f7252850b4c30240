package io.shadowwrite.replication.stream;

import io.shadowwrite.replication.RowChange;
import java.time.Instant;
import java.util.List;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A part of one committed transaction that is too large to be held whole. Its parts are handed out one after the other with
 * nothing between; the stream keeps none of them once the next is taken. Logical messages of such a transaction are left out.
 *
 * @param xid 64-bit transaction id
 * @param commitLsn start of the commit record
 * @param endLsn end of the commit record: the position once all parts are applied
 * @param committedAt commit time of the source
 * @param changes the next row changes in WAL order; only the last part may have none
 * @param bytes size of the decoded messages on the wire
 * @param last whether the transaction is complete with this part
 */
public record Part(
        long xid,
        LogSequenceNumber commitLsn,
        LogSequenceNumber endLsn,
        Instant committedAt,
        List<RowChange> changes,
        long bytes,
        boolean last)
        implements Handout, Received {

    public Part {
        changes = List.copyOf(changes);
    }

    /** Until the last part the transaction itself is not below. */
    @Override
    public LogSequenceNumber completeBelow() {
        return last ? endLsn : commitLsn;
    }

    @Override
    public int size() {
        return changes.size();
    }
}
