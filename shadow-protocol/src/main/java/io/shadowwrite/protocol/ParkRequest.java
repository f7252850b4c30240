package io.shadowwrite.protocol;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * One change that cannot be applied, to be kept until a person decides. The same again is answered the same.
 *
 * @param epoch the fencing epoch of the session that sends
 * @param commitLsn its source transaction, as are end LSN, xid and commit time
 * @param changeIndex ordinal among all changes of the transaction
 * @param sourceKey canonical key of the row after the change (before it, for a delete); empty when there is no row
 * @param formerKey the key before the change, when the change gave the row another one
 * @param problem code of the refusal
 * @param detail what happened, in one line, without values of the row
 * @param payload all that the source sent of the change, for people; null when it is not at hand
 * @param writes what the change becomes; null when it cannot be transformed
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ParkRequest(
        long epoch,
        @DecimalLsn LogSequenceNumber commitLsn,
        @DecimalLsn LogSequenceNumber endLsn,
        long xid,
        Instant committedAt,
        int changeIndex,
        String sourceTable,
        String sourceKey,
        @Nullable String formerKey,
        Operation operation,
        LetterClass letterClass,
        String problem,
        String detail,
        @Nullable String payload,
        @Nullable List<ShadowWrite> writes) {}
