package io.shadowwrite.system.kills;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the witness saw of one key of one table, from the insert of its first row on. Confined to one thread. */
final class Life {

    private final List<Sighting> seen = new ArrayList<>();
    private boolean there;

    private Life() {}

    /** The lives of a table by key; a key that was there before, or came to be by a change of another, is left out. */
    static Map<String, Life> of(String table, List<Sighting> sightings) {
        Map<String, @Nullable Life> lives = new LinkedHashMap<>();
        for (Sighting each : sightings) {
            if (!each.table().equals(table)) {
                continue;
            }
            if (each.formerKey() != null) {
                Life former = lives.get(each.formerKey());
                if (former != null) {
                    former.there = false;
                }
            }
            if (!lives.containsKey(each.key())) {
                lives.put(each.key(), each.isInsert() ? new Life() : null);
            }
            Life life = lives.get(each.key());
            if (life != null) {
                life.seen.add(each);
                life.there = !each.isDelete();
            }
        }
        Map<String, Life> known = new LinkedHashMap<>();
        lives.forEach((key, life) -> {
            if (life != null) {
                known.put(key, life);
            }
        });
        return known;
    }

    /** Whether a row of the key is there in the end. */
    boolean isThere() {
        return there;
    }

    /** What its rows looked like, in order. */
    List<String> images(String model) {
        return seen.stream()
                .filter(sighting -> !sighting.isDelete())
                .map(sighting -> sighting.images().getOrDefault(model, ""))
                .toList();
    }

    /** What the last one looked like. */
    String last(String model) {
        return images(model).getLast();
    }
}
