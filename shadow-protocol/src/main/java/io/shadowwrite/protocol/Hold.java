package io.shadowwrite.protocol;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * An order not to apply past a point.
 *
 * @param holder who holds, for people and for the lease
 * @param kind the gate wins over the verifier
 * @param haltAt nothing with a commit LSN at or above it is applied; null: nothing at all from now on
 * @param expiresAt by the target's clock; null for the gate, whose hold has no lease
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Hold(
        String holder,
        Kind kind,
        @Nullable @DecimalLsn LogSequenceNumber haltAt,
        @Nullable Instant expiresAt) {

    /** Who may hold. */
    public enum Kind {
        VERIFIER,
        GATE
    }
}
