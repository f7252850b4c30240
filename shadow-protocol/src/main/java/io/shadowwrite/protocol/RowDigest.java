package io.shadowwrite.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What a row hashes to.
 *
 * @param key canonical key JSON; of an entry of the key map that of the source row
 * @param h0 first hash, 16 hex digits
 * @param h1 second hash
 * @param loose a hash that rows of the same values share however these are spelled; null when no column has several spellings
 */
public record RowDigest(
        String key, String h0, String h1, @Nullable String loose) {}
