package io.shadowwrite.verification.race;

import io.shadowwrite.verification.verdict.Finding;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** By what the same difference is known again an hour later, without its values. */
final class Signature {

    private final MessageDigest digest;

    private Signature() {
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** SHA-256 over class, table, model, key, columns and digests of both images, in hexadecimal. */
    static String of(Finding finding) {
        Signature signature = new Signature();
        signature.add(finding.findingClass().name());
        signature.add(finding.sourceTable());
        signature.add(finding.model());
        signature.add(finding.targetKey());
        signature.add(String.join("\u0001", finding.columns()));
        signature.add(ofImage(finding.sourceImage()));
        signature.add(ofImage(finding.targetImage()));
        return signature.hex();
    }

    private static @Nullable String ofImage(@Nullable Map<String, @Nullable String> image) {
        if (image == null) {
            return null;
        }
        Signature signature = new Signature();
        image.forEach((column, value) -> {
            signature.add(column);
            signature.add(value);
        });
        return signature.hex();
    }

    /** With its length in front, so that no two lists of texts look the same. */
    private void add(@Nullable String text) {
        byte[] bytes = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        digest.update((text == null ? "-" : bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
    }

    private String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
