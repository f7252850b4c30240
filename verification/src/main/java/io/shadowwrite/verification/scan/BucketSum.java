package io.shadowwrite.verification.scan;

/**
 * What one side holds in one bucket. Sums and not exclusive ors, because a row that appears twice must not vanish; they
 * add up over several queries.
 *
 * @param count rows
 * @param sum0 sum of the first hashes modulo 2^64
 * @param sum1 sum of the second hashes modulo 2^64
 */
public record BucketSum(long count, long sum0, long sum1) {

    /** What both hold together. */
    BucketSum plus(BucketSum other) {
        return new BucketSum(count + other.count, sum0 + other.sum0, sum1 + other.sum1);
    }

    /** The same with one bit of a digest flipped, as a fault for the self-test to find. */
    public BucketSum flipped() {
        return new BucketSum(count, sum0 ^ 1, sum1);
    }
}
