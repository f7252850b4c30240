package io.shadowwrite.replication;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * What one fingerprint is taken of, put together in one array: this happens for every change twice, and a hash that is fed
 * piece by piece costs more than the hashing. Not safe for several threads.
 */
final class HashedText {

    private static final int USUAL_SIZE = 512;

    private byte[] bytes = new byte[USUAL_SIZE];
    private int size;

    void mark(byte value) {
        reserve(1);
        bytes[size++] = value;
    }

    /** Big endian. */
    void number(int value) {
        reserve(Integer.BYTES);
        for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            bytes[size++] = (byte) (value >>> shift);
        }
    }

    /** Big endian. */
    void number(long value) {
        number((int) (value >>> Integer.SIZE));
        number((int) value);
    }

    /** Its length in UTF-8, and then itself. */
    void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        reserve(utf8.length);
        System.arraycopy(utf8, 0, bytes, size, utf8.length);
        size += utf8.length;
    }

    byte[] sha256() {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(bytes, 0, size);
            return sha.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), bytes.length * 2));
        }
    }
}
