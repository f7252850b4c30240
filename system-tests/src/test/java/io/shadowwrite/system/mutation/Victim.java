package io.shadowwrite.system.mutation;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * A row of the target that is to be damaged.
 *
 * @param column its key column
 * @param id its key
 * @param sourceKey the canonical key of the source row it stands for
 */
record Victim(String column, String id, String sourceKey) {

    /** Its canonical key. */
    String key() {
        return json(id);
    }

    /** A key that no row has. */
    String stranger() {
        return UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString();
    }

    String strangersKey() {
        return json(stranger());
    }

    private String json(String key) {
        return "{\"%s\":\"%s\"}".formatted(column, key);
    }
}
