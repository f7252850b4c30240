package io.shadowwrite.transform;

/** Text operations that no locale decides, and the order of text by code point. */
final class PlainText {

    private static final int CASE_DISTANCE = 'a' - 'A';

    private PlainText() {}

    /** Without leading and trailing U+0020. */
    static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && text.charAt(start) == ' ') {
            start++;
        }
        while (end > start && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(start, end);
    }

    /** ASCII letters in lower case. */
    static String lower(String text) {
        return shifted(text, 'A', 'Z', CASE_DISTANCE);
    }

    /** ASCII letters in upper case. */
    static String upper(String text) {
        return shifted(text, 'a', 'z', -CASE_DISTANCE);
    }

    private static String shifted(String text, char first, char last, int distance) {
        StringBuilder shifted = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            shifted.append(c >= first && c <= last ? (char) (c + distance) : c);
        }
        return shifted.toString();
    }

    /** Order by code point, which is the order of the UTF-8 bytes; {@link String#compareTo} goes by UTF-16. */
    static int byCodePoint(String left, String right) {
        int common = Math.min(left.length(), right.length());
        for (int i = 0; i < common; i++) {
            char l = left.charAt(i);
            char r = right.charAt(i);
            if (l != r) {
                return Integer.compare(rank(l), rank(r));
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    /** Surrogates stand for the code points beyond all other characters. */
    private static int rank(char c) {
        return Character.isSurrogate(c) ? c + Character.MAX_VALUE : c;
    }
}
