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
 * @param expiresAt by the target's clock; null when it lasts until somebody ends it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Hold(
        String holder,
        Kind kind,
        @Nullable @DecimalLsn LogSequenceNumber haltAt,
        @Nullable Instant expiresAt) {

    /** How the name of a holder begins that is an attempt to cut over; the id of its decision follows. */
    public static final String CUTOVER = "cutover ";

    /** Whether an attempt to cut over holds, or the permit that it led to. */
    public boolean ofCutover() {
        return kind == Kind.GATE && holder.startsWith(CUTOVER);
    }

    /** Whether a permit holds, whatever became of it since: until somebody finishes or aborts, and not for a time. */
    public boolean ofPermit() {
        return ofCutover() && expiresAt == null;
    }

    /** Who may hold. */
    public enum Kind {
        VERIFIER,
        GATE,
        /** The load of the window itself; nobody takes it, and it ends with the load. */
        LOAD
    }
}
