package io.shadowwrite.api.deadletter;

import io.shadowwrite.api.write.Parking.Event;
import io.shadowwrite.protocol.Operation;
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
            @Nullable String formerKey,
            Operation operation) {

        private boolean hasOneOf(Set<String> keys) {
            return keys.contains(sourceKey) || (formerKey != null && keys.contains(formerKey));
        }

        private boolean arrives() {
            return formerKey != null || operation == Operation.INSERT;
        }

        /** The key that its change takes from the row; null when it takes none. */
        private @Nullable String left() {
            return formerKey == null && operation == Operation.DELETE ? sourceKey : formerKey;
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

    /**
     * How many of the first letters of a chain may be applied without those behind them. In a source transaction that shifts
     * keys, none that gives a row the key which another one, that stays, has yet to leave.
     *
     * @param count how many can be applied at most
     */
    static int separable(List<Entry> chain, int count) {
        int end = count;
        Set<String> departures = new HashSet<>();
        for (int i = chain.size() - 1; i >= 0 && count < chain.size(); i--) {
            Entry entry = chain.get(i);
            if (!entry.event().commitLsn().equals(chain.get(count).event().commitLsn())) {
                continue;
            }
            if (i < end && entry.arrives() && departures.contains(entry.sourceKey())) {
                // Whatever comes after it stays as well.
                return separable(chain, i);
            }
            String left = entry.left();
            if (i >= end && left != null) {
                departures.add(left);
            }
        }
        return end;
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
