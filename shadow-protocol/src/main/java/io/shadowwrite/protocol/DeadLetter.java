package io.shadowwrite.protocol;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * One change that waits, or has waited.
 *
 * @param problem code of the latest refusal; PARKED_BEHIND when nobody tried the change yet
 * @param parkedBehind the letter that was open when this one was parked and keeps it back, of the same row or of one that
 *     has yet to leave the key; null when it was refused itself
 * @param attempts replays so far
 * @param complete whether it has writes, its own or corrected ones, and can be replayed
 * @param decidedAt when it was released, replayed or resolved, by the target's clock
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record DeadLetter(
        long id,
        @DecimalLsn LogSequenceNumber commitLsn,
        int changeIndex,
        Instant committedAt,
        String sourceTable,
        String sourceKey,
        @Nullable String formerKey,
        Operation operation,
        LetterClass letterClass,
        String problem,
        String detail,
        @Nullable Long parkedBehind,
        int attempts,
        boolean complete,
        LetterState state,
        Instant parkedAt,
        @Nullable Instant decidedAt,
        @Nullable String decidedBy,
        @Nullable String reason,
        @Nullable String note) {}
