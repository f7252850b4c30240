package io.shadowwrite.verification;

import java.time.Duration;
import org.postgresql.replication.LogSequenceNumber;

/**
 * What a tick compares, and how.
 *
 * @param baseline the later of both slots' consistent points, where attestation begins
 * @param bucketBits logarithm of the number of buckets per model, 1 to 16
 * @param fetchSize rows per round trip when buckets differ
 * @param findingsCap findings kept with their images; all are counted
 * @param allowEmpty whether a tick that found no row at all on either side may be clean
 * @param timeout how long everything between the pin and the verdict may take
 */
public record TickSettings(
        LogSequenceNumber baseline,
        int bucketBits,
        int fetchSize,
        int findingsCap,
        boolean allowEmpty,
        Duration timeout) {}
