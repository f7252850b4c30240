package io.shadowwrite.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Rows of one model in key order, as of one position. Two pages may be of two positions; what is equal in all of them is
 * the order.
 *
 * @param position every source transaction below it is in the rows, but for parked changes, and none at or above it; replays
 *     and single writes change rows without moving it
 * @param eventsSince last events were looked for from here on
 * @param rows at most as many as asked for; fewer when they are large
 * @param next the cursor of the next page; null when this is the last
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record RowPage(
        @DecimalLsn LogSequenceNumber position,
        @DecimalLsn LogSequenceNumber eventsSince,
        List<TargetRow> rows,
        @Nullable String next) {}
