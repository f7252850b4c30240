package io.shadowwrite.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Asks which target rows source rows became, or the other way round; one of the two lists is empty.
 *
 * @param asOfLsn the position must have reached it; null when any position will do
 * @param sinceLsn where to begin to look for last events; null leaves it to the API
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record KeyMapLookup(
        List<SourceRowKey> sourceKeys,
        List<TargetRowKey> targetKeys,
        @Nullable @DecimalLsn LogSequenceNumber asOfLsn,
        @Nullable @DecimalLsn LogSequenceNumber sinceLsn) {}
