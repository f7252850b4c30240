package io.shadowwrite.replication;

import java.time.Instant;
import java.util.List;
import org.postgresql.replication.LogSequenceNumber;

/**
 * One committed transaction of the source, whole. Immutable.
 *
 * @param xid 64-bit transaction id, comparable with {@code pg_current_snapshot()}
 * @param commitLsn start of the commit record; with {@link RowChange#changeIndex()} the identity of a change
 * @param endLsn end of the commit record: the position once this transaction is applied
 * @param committedAt commit time of the source, to the microsecond
 * @param changes row changes in WAL order, unfiltered; empty when only messages were written
 * @param messages messages in WAL order
 * @param bytes size of the decoded messages on the wire
 */
public record SourceTransaction(
        long xid,
        LogSequenceNumber commitLsn,
        LogSequenceNumber endLsn,
        Instant committedAt,
        List<RowChange> changes,
        List<LogicalMessage> messages,
        long bytes) {

    public SourceTransaction {
        if (commitLsn.compareTo(endLsn) >= 0) {
            throw new IllegalArgumentException("a commit record ends after it starts: " + commitLsn + ", " + endLsn);
        }
        changes = List.copyOf(changes);
        messages = List.copyOf(messages);
    }
}
