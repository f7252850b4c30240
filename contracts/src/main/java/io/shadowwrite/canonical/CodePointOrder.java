package io.shadowwrite.canonical;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Order of names by code point, which is also the order of their UTF-8 bytes; {@link String#compareTo} goes by UTF-16. */
final class CodePointOrder {

    private CodePointOrder() {}

    static List<String> sorted(Collection<String> names) {
        List<String> sorted = new ArrayList<>(names);
        sorted.sort(CodePointOrder::compare);
        return sorted;
    }

    private static int compare(String left, String right) {
        int i = 0;
        while (i < left.length() && i < right.length()) {
            int l = left.codePointAt(i);
            int r = right.codePointAt(i);
            if (l != r) {
                return Integer.compare(l, r);
            }
            i += Character.charCount(l);
        }
        return Integer.compare(left.length(), right.length());
    }
}
