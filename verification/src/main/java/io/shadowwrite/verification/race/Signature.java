package io.shadowwrite.verification.race;

import io.shadowwrite.verification.verdict.Finding;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** By what is wrong with a row, without its values; so that it is known again in another look and an hour later. */
final class Signature {

    private static final int BYTES = 16;

    private final MessageDigest digest;

    private Signature(Finding finding) {
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        add(finding.findingClass().name());
        add(finding.sourceTable());
        add(finding.model());
        add(finding.targetKey());
    }

    /**
     * One for each column that differs, over what is expected and found there: a counter that moves beside a wrong name does
     * not hide it. Where the whole row differs it is the one fact that it does. 128 bits of SHA-256 each, in hexadecimal.
     */
    static Set<String> of(Finding finding) {
        Set<String> signatures = new LinkedHashSet<>();
        for (String column : finding.columns()) {
            Signature signature = new Signature(finding);
            signature.add(column);
            signature.add(value(finding.sourceImage(), column));
            signature.add(value(finding.targetImage(), column));
            signatures.add(signature.hex());
        }
        if (signatures.isEmpty()) {
            signatures.add(new Signature(finding).hex());
        }
        return signatures;
    }

    private static @Nullable String value(@Nullable Map<String, @Nullable String> image, String column) {
        if (image == null) {
            return null;
        }
        // A mapping has no column of that name, and is one value.
        return image.containsKey(column) ? image.get(column) : image.values().toString();
    }

    /** With its length in front, so that no two lists of texts look the same. */
    private void add(@Nullable String text) {
        byte[] bytes = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        digest.update((text == null ? "-" : bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
    }

    private String hex() {
        return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
    }
}
