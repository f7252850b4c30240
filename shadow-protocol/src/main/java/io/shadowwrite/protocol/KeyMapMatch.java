package io.shadowwrite.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What is known of one key that was asked for.
 *
 * @param mappings empty when the key map does not know it
 * @param lastEventLsn commit LSN of the last event of the source rows behind it among those that were looked at, mapped or
 *     not; null for none
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record KeyMapMatch(
        List<KeyMapping> mappings, @Nullable @DecimalLsn LogSequenceNumber lastEventLsn) {}
