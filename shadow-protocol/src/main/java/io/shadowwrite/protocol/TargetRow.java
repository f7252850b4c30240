package io.shadowwrite.protocol;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A row of the target.
 *
 * @param key canonical key JSON
 * @param values canonical text of every other column of the contract, in its order; null for NULL
 * @param version null unless the model keeps versions
 * @param lastEventLsn commit LSN of the last event of a source row behind this one, whatever became of the event, among those
 *     that the answer says it looked at; null when there is none
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record TargetRow(
        String key,
        Map<String, @Nullable String> values,
        @Nullable RowVersion version,
        @Nullable @DecimalLsn LogSequenceNumber lastEventLsn) {

    /** The same with its last event. */
    public TargetRow touchedAt(@Nullable LogSequenceNumber lsn) {
        return new TargetRow(key, values, version, lsn);
    }
}
