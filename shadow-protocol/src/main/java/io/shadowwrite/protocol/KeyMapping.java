package io.shadowwrite.protocol;

import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Where a source row ended up in one model.
 *
 * @param sourceKey canonical key JSON
 * @param targetKey canonical key JSON
 * @param current false when the target row is gone
 * @param changedLsn commit LSN of the change that made or ended the mapping
 * @param lastEventLsn commit LSN of the last event of the source row among those that were looked at; null for none
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record KeyMapping(
        String sourceTable,
        String sourceKey,
        String model,
        String targetKey,
        boolean current,
        @DecimalLsn LogSequenceNumber changedLsn,
        @Nullable @DecimalLsn LogSequenceNumber lastEventLsn) {

    /** The same with the last event of its source row. */
    public KeyMapping touchedAt(@Nullable LogSequenceNumber lsn) {
        return new KeyMapping(sourceTable, sourceKey, model, targetKey, current, changedLsn, lsn);
    }
}
