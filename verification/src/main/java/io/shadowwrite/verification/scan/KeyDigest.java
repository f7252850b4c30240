package io.shadowwrite.verification.scan;

/**
 * One row of a scan in key order.
 *
 * @param key canonical key
 * @param image position of the image the row came from
 * @param h0 first hash of the row
 * @param h1 second hash of the row
 */
public record KeyDigest(String key, int image, long h0, long h1) {

    /** Whether both rows have the same content. */
    public boolean sameRow(KeyDigest other) {
        return h0 == other.h0 && h1 == other.h1;
    }
}
