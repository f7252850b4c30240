package io.shadowwrite.protocol;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A small unmodifiable map of texts by column, in the order of the wire: two arrays, because most rows have few columns. */
final class TextColumns extends AbstractMap<String, @Nullable String> {

    /** Up to here a search from the start is quicker than a hash table. */
    static final int MOST = 16;

    private final String[] names;
    private final @Nullable String[] texts;

    /** Takes the first of each, of which no two names are equal. */
    TextColumns(@Nullable String[] names, @Nullable String[] texts, int size) {
        this.names = Arrays.copyOf(names, size, String[].class);
        this.texts = Arrays.copyOf(texts, size);
    }

    @Override
    public int size() {
        return names.length;
    }

    @Override
    public @Nullable String get(@Nullable Object name) {
        int at = indexOf(name);
        return at < 0 ? null : texts[at];
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return indexOf(name) >= 0;
    }

    private int indexOf(@Nullable Object name) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public Set<Map.Entry<String, @Nullable String>> entrySet() {
        return new Entries();
    }

    private final class Entries extends AbstractSet<Map.Entry<String, @Nullable String>> {

        @Override
        public int size() {
            return names.length;
        }

        @Override
        public Iterator<Map.Entry<String, @Nullable String>> iterator() {
            return new InOrder();
        }
    }

    private final class InOrder implements Iterator<Map.Entry<String, @Nullable String>> {

        private int next;

        @Override
        public boolean hasNext() {
            return next < names.length;
        }

        @Override
        public Map.Entry<String, @Nullable String> next() {
            if (next == names.length) {
                throw new NoSuchElementException();
            }
            return new SimpleImmutableEntry<>(names[next], texts[next++]);
        }
    }
}
