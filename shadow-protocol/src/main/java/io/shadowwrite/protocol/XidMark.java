package io.shadowwrite.protocol;

import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A fact about the WAL of the source that stays true: whatever a transaction with this id or a later one wrote, its commit
 * included, lies at or above the LSN.
 *
 * @param xid 64-bit transaction id
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record XidMark(long xid, @DecimalLsn LogSequenceNumber lsn) {}
