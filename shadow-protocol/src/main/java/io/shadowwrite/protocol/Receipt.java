package io.shadowwrite.protocol;

import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** One event as one reader of a slot saw it. */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Receipt(
        @DecimalLsn LogSequenceNumber commitLsn,
        int changeIndex,
        long xid,
        String sourceTable,
        Operation operation,
        String sourceKey,
        String digest) {}
