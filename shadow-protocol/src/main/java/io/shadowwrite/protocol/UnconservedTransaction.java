package io.shadowwrite.protocol;

import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A source transaction of which not every change has exactly one disposition.
 *
 * @param detail what does not add up, for people
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record UnconservedTransaction(@DecimalLsn LogSequenceNumber commitLsn, String detail) {}
