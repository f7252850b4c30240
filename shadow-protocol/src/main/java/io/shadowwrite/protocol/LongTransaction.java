package io.shadowwrite.protocol;

import java.time.Instant;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * First line of a source transaction that neither side holds whole. Lines with an array of {@link ChangeWrites} follow, in
 * order, then {@link End}. Empty lines between are signs of life. It is applied in one target transaction, or not at all.
 *
 * @param epoch the fencing epoch of the session that sends
 * @param continuesFrom as in {@link WriteBatch}
 * @param commitLsn start of the commit record; identity of the transaction
 * @param endLsn end of the commit record: the position once it is applied
 * @param xid 64-bit transaction id, with epoch
 * @param committedAt commit time by the source's clock, microseconds
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record LongTransaction(
        long epoch,
        @DecimalLsn LogSequenceNumber continuesFrom,
        @DecimalLsn LogSequenceNumber commitLsn,
        @DecimalLsn LogSequenceNumber endLsn,
        long xid,
        Instant committedAt) {

    /** Media type of the lines. */
    public static final String MEDIA_TYPE = "application/x-ndjson";

    /** Most changes in one line. */
    public static final int MOST_CHANGES_IN_A_LINE = 5_000;

    /**
     * Last line; without it the transaction is not complete and nothing of it stays.
     *
     * @param changes how many there were in all lines
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record End(long changes) {}
}
