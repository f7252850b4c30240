package io.shadowwrite.protocol;

import java.util.List;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The current rows of one model as sums by bucket, as of one position.
 *
 * @param position every source transaction below it is in the rows, but for parked changes, and none at or above it; replays
 *     and single writes change rows without moving it
 * @param writesBeside how often replays and single writes had written target rows; with the position it says which state this is
 * @param bucketBits logarithm of the number of buckets
 * @param probe what the server answers for fixed texts under this hash; equal probes mean equal hashes
 * @param rows all of them
 * @param buckets in order; one without rows is left out
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ModelDigest(
        @DecimalLsn LogSequenceNumber position,
        long writesBeside,
        String model,
        DigestHash hash,
        int bucketBits,
        List<String> probe,
        long rows,
        List<BucketDigest> buckets) {}
