package io.shadowwrite.protocol;

import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The first line of a stream of rows.
 *
 * @param position every source transaction below it is in the rows, none at or above it
 * @param eventsSince last events were looked for from here on
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record RowStreamHead(
        String model,
        @DecimalLsn LogSequenceNumber position,
        @DecimalLsn LogSequenceNumber eventsSince) {}
