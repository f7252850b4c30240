package io.shadowwrite.protocol;

/**
 * What a row hashes to.
 *
 * @param key canonical key JSON; of an entry of the key map that of the source row
 * @param h0 first hash, 16 hex digits
 * @param h1 second hash
 */
public record RowDigest(String key, String h0, String h1) {}
