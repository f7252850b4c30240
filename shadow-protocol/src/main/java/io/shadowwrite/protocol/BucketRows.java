package io.shadowwrite.protocol;

import java.util.List;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Asks for the hashes of the rows of some buckets.
 *
 * @param asOfLsn the position must have reached it
 * @param bucketBits logarithm of the number of buckets, as for their digests
 * @param hash as for their digests
 * @param buckets at least one
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record BucketRows(
        @DecimalLsn LogSequenceNumber asOfLsn, int bucketBits, DigestHash hash, List<Integer> buckets) {}
