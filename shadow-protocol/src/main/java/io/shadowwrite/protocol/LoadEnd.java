package io.shadowwrite.protocol;

import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Which window is meant by whoever ends its load, either way.
 *
 * @param snapshotLsn its consumer baseline
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record LoadEnd(String migrationId, @DecimalLsn LogSequenceNumber snapshotLsn) {}
