package io.shadowwrite.verification;

import org.postgresql.replication.LogSequenceNumber;

/**
 * What a tick compares, and how.
 *
 * @param baseline the later of both slots' consistent points, where attestation begins
 * @param bucketBits logarithm of the number of buckets per model, 1 to 16
 * @param fetchSize rows per round trip when buckets differ
 * @param findingsCap findings kept with their images; all are counted
 * @param allowEmpty whether a tick that found no row at all on either side may be clean
 */
public record TickSettings(
        LogSequenceNumber baseline, int bucketBits, int fetchSize, int findingsCap, boolean allowEmpty) {}
