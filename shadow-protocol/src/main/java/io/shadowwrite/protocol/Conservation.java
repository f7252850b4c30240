package io.shadowwrite.protocol;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What became of every change that the independent reader has seen, counted from what is stored: of each source transaction
 * in {@code [from, below)}. A change that is replayed moves from {@code parked} to {@code applied} or {@code noOp}.
 *
 * @param from the later of the two slots' baselines; inclusive
 * @param below both readers were at least there when it was counted; exclusive
 * @param decoded receipts of the slot reader
 * @param applied receipts of the consumer with this disposition, and likewise the next three
 * @param difference changes by which the sides differ, summed up over the transactions without cancelling out
 * @param holds whether every change has exactly one disposition; null while nothing was counted
 * @param unconservedTransactions of which that is not so; a difference of zero can hide one that lost one change and gained another
 * @param firstUnconserved the earliest of them; null when there is none
 * @param checkedAt by the target's clock; null while nothing was counted
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Conservation(
        @DecimalLsn LogSequenceNumber from,
        @DecimalLsn LogSequenceNumber below,
        long decoded,
        long applied,
        long noOp,
        long filtered,
        long parked,
        long difference,
        @Nullable Boolean holds,
        long unconservedTransactions,
        @Nullable UnconservedTransaction firstUnconserved,
        @Nullable Instant checkedAt) {}
