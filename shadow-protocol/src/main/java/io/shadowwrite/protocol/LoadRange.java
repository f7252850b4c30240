package io.shadowwrite.protocol;

import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * First line of a loaded range. Lines with an array of {@link LoadRow} follow, then {@link End}; empty lines between are signs
 * of life. It is loaded in one target transaction, or not at all; the same range again is answered like the first time.
 *
 * @param snapshotLsn of the window that is being loaded, so that rows of a load that was given up never get into another
 * @param sourceTable schema.name
 * @param pass which of {@link LoadState#passes()}; only writes of its models are in the lines
 * @param fromPage first page of the range
 * @param belowPage the page behind the last; null for no end
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record LoadRange(
        @DecimalLsn LogSequenceNumber snapshotLsn,
        String sourceTable,
        int pass,
        long fromPage,
        @Nullable Long belowPage) {

    /** Most rows in one line. */
    public static final int MOST_ROWS_IN_A_LINE = 10_000;

    /**
     * Last line; without it the range is not complete and nothing of it stays.
     *
     * @param read source rows in the range, also those that the contract leaves out
     * @param rows how many were in all lines
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record End(long read, long rows) {}
}
