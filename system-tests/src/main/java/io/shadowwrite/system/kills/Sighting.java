package io.shadowwrite.system.kills;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One committed row change as the witness saw it.
 *
 * @param key of the row, as jsonb prints it; of a deleted row the last one
 * @param formerKey when the change gave the row another key; else null
 * @param images the digest of the row after the change by model, see {@link Copies}; empty for a deleted row
 */
record Sighting(
        String table, String key, @Nullable String formerKey, long xid, String operation, Map<String, String> images) {

    Sighting {
        images = Map.copyOf(images);
    }

    boolean isDelete() {
        return operation.equals("DELETE");
    }

    boolean isInsert() {
        return operation.equals("INSERT");
    }
}
