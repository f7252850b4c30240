package io.shadowwrite.protocol;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/** Texts that come again and again in one document, such as names: one instance of each. Belongs to one thread. */
final class SharedTexts {

    private static final int SLOTS = 256;
    private static final int LONGEST = 64;

    /** By hash, the last text that had it. */
    private final @Nullable String[] known = new @Nullable String[SLOTS];

    /** The text the parser stands on. */
    String read(JsonParser parser) {
        int length = parser.getStringLength();
        if (length > LONGEST) {
            return parser.getString();
        }
        char[] characters = parser.getStringCharacters();
        int from = parser.getStringOffset();
        int hash = length;
        for (int i = from; i < from + length; i++) {
            hash = 31 * hash + characters[i];
        }
        int slot = (hash ^ hash >>> 8) & (SLOTS - 1);
        String text = known[slot];
        if (text == null || !isSame(text, characters, from, length)) {
            text = new String(characters, from, length);
            known[slot] = text;
        }
        return text;
    }

    private static boolean isSame(String text, char[] characters, int from, int length) {
        if (text.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) != characters[from + i]) {
                return false;
            }
        }
        return true;
    }
}
