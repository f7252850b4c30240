package io.shadowwrite.cli.draft;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a name of the catalog is made of, so that {@code OrderItem}, {@code order_items} and {@code ORDER-ITEM} can be told to
 * be one.
 *
 * @param all in lower case
 */
record Words(List<String> all) {

    private static final Pattern BORDER = Pattern.compile("(?<=[\\p{Ll}\\p{N}])(?=\\p{Lu})|[^\\p{L}\\p{N}]+");

    private static final Pattern LONG_PLURAL = Pattern.compile(".*(ss|x|ch|sh)es");

    private static final Pattern NO_PLURAL = Pattern.compile(".*[sui]s");

    private static final Map<String, String> IRREGULAR =
            Map.of("people", "person", "children", "child", "men", "man", "women", "woman");

    Words {
        all = List.copyOf(all);
    }

    static Words of(String name) {
        return new Words(BORDER.splitAsStream(name)
                .filter(word -> !word.isEmpty())
                .map(word -> word.toLowerCase(Locale.ROOT))
                .toList());
    }

    /** Without separators. */
    String folded() {
        return String.join("", all);
    }

    Words singular() {
        return new Words(all.stream().map(Words::singular).toList());
    }

    /** Without these words before it; the same when nothing would be left, or when it does not begin so. */
    Words without(Words prefix) {
        int length = prefix.all().size();
        boolean begins = all.size() > length && all.subList(0, length).equals(prefix.all());
        return begins ? new Words(all.subList(length, all.size())) : this;
    }

    /** As a class would be called. */
    String camelCase() {
        List<String> parts = new ArrayList<>();
        all.forEach(word -> parts.add(word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1)));
        return String.join("", parts);
    }

    private static String singular(String word) {
        String irregular = IRREGULAR.get(word);
        if (irregular != null) {
            return irregular;
        }
        if (word.endsWith("ies") && word.length() > 4) {
            return word.substring(0, word.length() - 3) + "y";
        }
        if (LONG_PLURAL.matcher(word).matches()) {
            return word.substring(0, word.length() - 2);
        }
        boolean plural = word.endsWith("s") && !NO_PLURAL.matcher(word).matches() && word.length() > 2;
        return plural ? word.substring(0, word.length() - 1) : word;
    }
}
