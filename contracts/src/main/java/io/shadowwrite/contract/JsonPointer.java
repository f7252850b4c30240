package io.shadowwrite.contract;

/**
 * A place in a contract file, as RFC 6901 spells it.
 *
 * @param text empty for the whole file
 */
public record JsonPointer(String text) {

    /** The place below the file's root. */
    public static JsonPointer of(String... members) {
        return new JsonPointer("").then(members);
    }

    /** A place below this one. */
    public JsonPointer then(String... members) {
        StringBuilder pointer = new StringBuilder(text);
        for (String member : members) {
            pointer.append('/').append(member.replace("~", "~0").replace("/", "~1"));
        }
        return new JsonPointer(pointer.toString());
    }

    @Override
    public String toString() {
        return text;
    }
}
