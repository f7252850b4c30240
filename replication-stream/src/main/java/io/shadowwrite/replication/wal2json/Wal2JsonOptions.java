package io.shadowwrite.replication.wal2json;

import io.shadowwrite.replication.NotYet;
import java.util.Map;

/**
 * The plug-in options every reader of this suite uses. They are frozen: the ordinal of a change inside its transaction
 * is part of its identity and depends on them. There is no table filter, because one would skip partitions.
 *
 * @param options option by name, in the order they are sent
 */
public record Wal2JsonOptions(Map<String, String> options) {

    /** The one set of options. */
    public static Wal2JsonOptions frozen() {
        return NotYet.written();
    }

    /** SHA-256 of the options in hexadecimal, for the manifest of a run. */
    public String hash() {
        return NotYet.written();
    }
}
