package io.shadowwrite.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The answer to {@link RowLookup}, as of one position.
 *
 * @param position every source transaction below it is in the rows, none at or above it
 * @param writesBeside how often replays and single writes had written target rows; with the position it says which state this is
 * @param eventsSince last events were looked for from here on
 * @param rows one for each key in the order of the request; null where there is no current row
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record FoundRows(
        @DecimalLsn LogSequenceNumber position,
        long writesBeside,
        @DecimalLsn LogSequenceNumber eventsSince,
        List<@Nullable TargetRow> rows) {}
