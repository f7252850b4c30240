package io.shadowwrite.api.deadletter;

import io.shadowwrite.api.write.Parking.Event;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which open letters of one source table wait for which. A letter waits for every earlier one that shares a key with it; a
 * change of the key has two.
 *
 * @param open in the order of the stream
 */
record Waiting(List<Entry> open) {

    /** An open letter as far as order goes. */
    record Entry(
            long id,
            Event event,
            String sourceKey,
            @Nullable String formerKey) {

        private boolean hasOneOf(Set<String> keys) {
            return keys.contains(sourceKey) || (formerKey != null && keys.contains(formerKey));
        }

        private void addKeysTo(Set<String> keys) {
            keys.add(sourceKey);
            if (formerKey != null) {
                keys.add(formerKey);
            }
        }
    }

    Waiting {
        open = List.copyOf(open);
    }

    /** The letter that this one waits for first, but for those already dealt with; null when there is none. */
    @Nullable Entry blocker(Entry entry, Set<Long> dealtWith) {
        Set<String> keys = new HashSet<>();
        entry.addKeysTo(keys);
        for (Entry earlier : open) {
            if (earlier.event().compareTo(entry.event()) >= 0) {
                return null;
            }
            if (!dealtWith.contains(earlier.id()) && earlier.hasOneOf(keys)) {
                return earlier;
            }
        }
        return null;
    }

    /** The letter itself and all that wait for it, directly or not, in the order of the stream. */
    List<Entry> from(Event first) {
        List<Entry> chain = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (Entry entry : open) {
            int order = entry.event().compareTo(first);
            if (order == 0 || (order > 0 && entry.hasOneOf(keys))) {
                chain.add(entry);
                entry.addKeysTo(keys);
            }
        }
        return chain;
    }
}
