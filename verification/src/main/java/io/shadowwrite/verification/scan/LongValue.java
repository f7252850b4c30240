package io.shadowwrite.verification.scan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Long values as {@link Scans#images} shortens them, for whoever gets them whole. */
public final class LongValue {

    private LongValue() {}

    /** The text itself, or its beginning with its length and MD5 behind a U+0001. */
    public static @Nullable String shortened(@Nullable String text) {
        if (text == null || text.length() * 3L <= Scans.LONGEST_VALUE_BYTES) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= Scans.LONGEST_VALUE_BYTES) {
            return text;
        }
        String beginning = text.substring(0, text.offsetByCodePoints(0, Scans.SHORTENED_CHARACTERS));
        return "%s\u0001%d bytes, MD5 %s".formatted(beginning, bytes.length, md5(bytes));
    }

    private static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every platform has MD5", e);
        }
    }
}
