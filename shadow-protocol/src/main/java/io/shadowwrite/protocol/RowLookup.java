package io.shadowwrite.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Asks for current rows by their keys.
 *
 * @param keys canonical key JSON of each
 * @param asOfLsn the position must have reached it
 * @param sinceLsn where to begin to look for last events; null leaves it to the API
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record RowLookup(
        List<String> keys,
        @DecimalLsn LogSequenceNumber asOfLsn,
        @Nullable @DecimalLsn LogSequenceNumber sinceLsn) {}
