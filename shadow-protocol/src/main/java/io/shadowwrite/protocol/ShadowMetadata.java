package io.shadowwrite.protocol;

import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The source change that a single write stands for.
 *
 * @param sourceTable schema.name
 * @param sourcePk canonical key of the source row
 * @param commitLsn its transaction, which the stream has passed
 * @param appliedLsn the consumer's position when the caller read what it bases the write on; nothing may have happened to
 *     the source row from there on
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ShadowMetadata(
        String sourceTable,
        String sourcePk,
        Operation sourceOperation,
        @DecimalLsn LogSequenceNumber commitLsn,
        int changeIndexInTxn,
        @DecimalLsn LogSequenceNumber appliedLsn) {}
