package io.shadowwrite.protocol;

import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Takes, moves or prolongs a hold.
 *
 * @param leaseSeconds required for the verifier; null for a gate that holds until it is told to let go
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record HaltRequest(
        String holder,
        Hold.Kind kind,
        @Nullable @DecimalLsn LogSequenceNumber haltAt,
        @Nullable Integer leaseSeconds) {}
