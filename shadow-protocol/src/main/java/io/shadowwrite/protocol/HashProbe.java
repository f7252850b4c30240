package io.shadowwrite.protocol;

import java.util.List;

/**
 * What the target's server makes of fixed texts.
 *
 * @param probe hashes of 16 hex digits; servers with equal ones hash alike
 */
public record HashProbe(DigestHash hash, List<String> probe) {}
