package io.shadowwrite.protocol;

import java.time.Instant;
import java.util.List;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * One committed source transaction, whole.
 *
 * @param commitLsn start of the commit record; identity of the transaction
 * @param endLsn end of the commit record
 * @param xid 64-bit transaction id, with epoch
 * @param committedAt commit time by the source's clock, microseconds
 * @param changes every change in order, with or without writes; at least one
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record TransactionWrites(
        @DecimalLsn LogSequenceNumber commitLsn,
        @DecimalLsn LogSequenceNumber endLsn,
        long xid,
        Instant committedAt,
        List<ChangeWrites> changes) {}
