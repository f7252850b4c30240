package io.shadowwrite.verification.scan;

import org.jspecify.annotations.Nullable;

/**
 * One row of a scan in key order.
 *
 * @param key canonical key
 * @param image position of the image the row came from
 * @param h0 first hash of the row
 * @param h1 second hash of the row
 * @param loose a hash that rows of the same values share however these are spelled; null when no column has several spellings
 */
public record KeyDigest(
        String key, int image, long h0, long h1, @Nullable Long loose) {

    /** Whether both rows have the same content. */
    public boolean sameRow(KeyDigest other) {
        return h0 == other.h0 && h1 == other.h1;
    }

    /** Whether rows with other content have the same values all the same. */
    public boolean sameValues(KeyDigest other) {
        return loose != null && loose.equals(other.loose);
    }
}
