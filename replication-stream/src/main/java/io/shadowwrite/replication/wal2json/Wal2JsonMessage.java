package io.shadowwrite.replication.wal2json;

import io.shadowwrite.replication.Row;
import io.shadowwrite.replication.TableName;
import java.time.Instant;
import org.postgresql.replication.LogSequenceNumber;

/** One message of the plug-in, as it came. Transaction ids are still the 32 bits the plug-in knows. */
public sealed interface Wal2JsonMessage {

    /** A transaction begins; its commit record is already known. */
    record Begin(long xid, Instant committedAt, LogSequenceNumber commitLsn, LogSequenceNumber endLsn)
            implements Wal2JsonMessage {}

    /** The transaction of the last {@link Begin} is complete. */
    record Commit(long xid, LogSequenceNumber commitLsn, LogSequenceNumber endLsn) implements Wal2JsonMessage {}

    /** A new row. */
    record Insert(long xid, TableName table, Row after) implements Wal2JsonMessage {}

    /** A changed row. */
    record Update(long xid, TableName table, Row after, Row identity) implements Wal2JsonMessage {}

    /** A row that is gone. */
    record Delete(long xid, TableName table, Row identity) implements Wal2JsonMessage {}

    /** A truncated table. */
    record Truncate(long xid, TableName table) implements Wal2JsonMessage {}

    /** A logical message; only transactional ones belong to the transaction around them. */
    record Logical(boolean transactional, String prefix, String content) implements Wal2JsonMessage {}
}
