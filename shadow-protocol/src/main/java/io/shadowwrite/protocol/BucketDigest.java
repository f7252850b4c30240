package io.shadowwrite.protocol;

/**
 * What a model holds in one bucket.
 *
 * @param bucket a function of the canonical key
 * @param count rows
 * @param sum0 sum of the rows' first hashes modulo 2^64, 16 hex digits
 * @param sum1 sum of the second ones
 */
public record BucketDigest(int bucket, long count, String sum0, String sum1) {}
