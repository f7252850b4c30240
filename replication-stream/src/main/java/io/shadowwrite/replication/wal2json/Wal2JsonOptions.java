package io.shadowwrite.replication.wal2json;

import io.shadowwrite.replication.LogicalMessage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The plug-in options every reader of this suite uses. They are frozen: the ordinal of a change inside its transaction
 * is part of its identity and depends on them. There is no table filter, because one would skip partitions.
 *
 * @param options option by name, in the order they are sent
 */
public record Wal2JsonOptions(Map<String, String> options) {

    public Wal2JsonOptions {
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
        if (options.values().stream().anyMatch(value -> value.indexOf('\'') >= 0)) {
            throw new IllegalArgumentException("the driver sends option values unescaped: no quotes");
        }
    }

    /** The one set of options. Defaults that decide what arrives are spelled out, so that no plug-in release moves them. */
    public static Wal2JsonOptions frozen() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("format-version", "2");
        options.put("include-transaction", "true");
        options.put("include-xids", "true");
        options.put("include-timestamp", "true");
        options.put("include-lsn", "true");
        options.put("include-types", "false");
        options.put("actions", "insert,update,delete,truncate");
        options.put("add-msg-prefixes", LogicalMessage.HEARTBEAT + "," + LogicalMessage.MARKER);
        return new Wal2JsonOptions(options);
    }

    /** SHA-256 of the options in hexadecimal, for the manifest of a run. */
    public String hash() {
        StringBuilder text = new StringBuilder();
        options.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(text.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
