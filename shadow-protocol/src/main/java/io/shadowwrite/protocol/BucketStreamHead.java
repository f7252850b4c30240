package io.shadowwrite.protocol;

import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The first line of a stream of hashes.
 *
 * @param position every source transaction below it is in the rows, none at or above it
 * @param writesBeside how often replays and single writes had written target rows; with the position it says which state this is
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record BucketStreamHead(
        String model, @DecimalLsn LogSequenceNumber position, long writesBeside, DigestHash hash) {}
