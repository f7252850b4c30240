package io.shadowwrite.canonical;

import io.shadowwrite.contract.QualifiedName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * The target identity of a source row: a function of its table, key and model, so that order of arrival never matters.
 * Shaped as a UUID of version 7, but the leading bits are hash and not time.
 */
public final class DerivedKey {

    /** Never fed, so any thread may copy it; to look the algorithm up costs several times what hashing a key does. */
    private static final MessageDigest SHA_256 = sha256();

    private DerivedKey() {}

    /** The identity of the row with this canonical key, as this model. */
    public static UUID of(QualifiedName table, String canonicalKey, String model) {
        return ofText(prefix(table) + canonicalKey + suffix(model));
    }

    /** What stands before the key in the hashed text; shared with the SQL form. */
    static String prefix(QualifiedName table) {
        return table + "|";
    }

    static String suffix(String model) {
        return "|" + model;
    }

    /** The identity of the whole hashed text. */
    static UUID ofText(String text) {
        ByteBuffer hash = ByteBuffer.wrap(fresh().digest(text.getBytes(StandardCharsets.UTF_8)));
        long high = (hash.getLong() & ~0xf000L) | 0x7000L;
        long low = (hash.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    private static MessageDigest fresh() {
        try {
            return (MessageDigest) SHA_256.clone();
        } catch (CloneNotSupportedException _) {
            // Those of the JDK can be copied; a host that takes us in may have another provider in front.
            return sha256();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
