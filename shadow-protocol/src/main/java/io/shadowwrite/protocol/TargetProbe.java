package io.shadowwrite.protocol;

import java.util.List;

/**
 * What has to be known of the target before its digests are believed.
 *
 * @param probe what its server makes of fixed texts, hashes of 16 hex digits; servers with equal ones hash alike
 * @param unguarded models whose tables let several current rows of one key by, one line each with what to do about it
 */
public record TargetProbe(DigestHash hash, List<String> probe, List<String> unguarded) {

    public TargetProbe {
        probe = List.copyOf(probe);
        unguarded = List.copyOf(unguarded);
    }
}
