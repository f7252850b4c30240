package io.shadowwrite.protocol;

import java.util.List;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What the target holds under one key, as of one position.
 *
 * @param position every source transaction below it is in the rows, none at or above it
 * @param eventsSince last events were looked for from here on
 * @param rows the current row, or with its history every version, newest first; never empty
 * @param complete whether no older version was left out
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record RowVersions(
        @DecimalLsn LogSequenceNumber position,
        @DecimalLsn LogSequenceNumber eventsSince,
        List<TargetRow> rows,
        boolean complete) {}
