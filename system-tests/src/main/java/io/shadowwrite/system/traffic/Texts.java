package io.shadowwrite.system.traffic;

import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Random texts, arrays of texts and JSON, with whatever quoting and encoding may trip over. */
final class Texts {

    private static final List<String> AWKWARD = List.of(
            "O'Brien & \"Söhne\"",
            "back\\slash \\N \\x41",
            "line\nbreak\r\nand\ttab",
            "",
            "  two blanks on both sides  ",
            "\u00a0no-break\u00a0",
            "東京都渋谷区",
            "😀👍🏽 beyond the BMP",
            "e\u0301 is not é",
            "ß ẞ İ ı Ǆ",
            "שלום \u202eRTL",
            "NULL",
            "null",
            "{curly,\"array\",NULL}",
            "$1 ? :x %s ${y}",
            "control \u0001\u001f\u007f",
            "separators \u2028\u2029\ufeff",
            "'; --",
            "a,b;c|d",
            "1e3");
    private static final char[] LETTERS =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ012345 .,'\"\\\n{}é€ü".toCharArray();
    private static final List<String> SEGMENTS = List.of(
            "\"gold\"", "\"silver\"", "null", "7", "1.50", "true", "{\"a\":1}", "[1]", "\"ö \\\"x\\\" \\u00e9\"");

    private final SplittableRandom random;

    Texts(SplittableRandom random) {
        this.random = random;
    }

    /** At most 30 characters. */
    String awkward() {
        return AWKWARD.get(random.nextInt(AWKWARD.size()));
    }

    /** At most 40 characters, awkward in a quarter of the cases. */
    String line() {
        return random.nextInt(4) == 0 ? awkward() : letters(random.nextInt(3, 40));
    }

    String email() {
        String name = Long.toString(random.nextLong(1L << 40), 36);
        return random.nextInt(5) == 0 ? " " + name + "@Example.ORG  " : name + "@example.org";
    }

    /** 20 to 32 kB that hardly compress, so that they are stored out of line. */
    String body() {
        return letters(random.nextInt(20_000, 30_000));
    }

    String letters(int length) {
        char[] text = new char[length];
        long bits = 0;
        for (int i = 0; i < length; i++) {
            if (i % 8 == 0) {
                bits = random.nextLong();
            }
            text[i] = LETTERS[(int) ((bits & 0xff) % LETTERS.length)];
            bits >>>= 8;
        }
        return new String(text);
    }

    /** Elements may be NULL or awkward; the array may be empty. */
    @Nullable String[] array() {
        @Nullable String[] elements = new @Nullable String[random.nextInt(4)];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = random.nextInt(6) == 0 ? null : line();
        }
        return elements;
    }

    /** A small object whose segment is a scalar, structured, null or missing. */
    String attributes() {
        String segment =
                random.nextInt(4) == 0 ? "" : "\"segment\": " + SEGMENTS.get(random.nextInt(SEGMENTS.size())) + ", ";
        return "{%s\"score\": %d.%d0, \"exact\": 12345678901234567890.123, \"note\": %s}"
                .formatted(segment, random.nextInt(100), random.nextInt(10), json(awkward()));
    }

    /** Now and then large enough to be stored out of line. */
    String properties() {
        String language = random.nextInt(5) == 0
                ? "null"
                : "\"" + List.of("de", "en", "fr").get(random.nextInt(3)) + "\"";
        String extra = random.nextInt(4) == 0 ? letters(4_000) : line();
        return "{\"meta\": {\"language\": %s, \"pages\": [1, 2.0, 3e2]}, \"text\": %s}"
                .formatted(language, json(extra));
    }

    /** Text that jsonb would spell differently: blanks, order, a member twice. */
    String envelope() {
        return "{ \"to\" : %s,\n\t\"from\":\"b\", \"n\": %d.00, \"n\": 1e2 , \"a\":[ ] }"
                .formatted(json(line()), random.nextInt(1000));
    }

    private static String json(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each == '"' || each == '\\') {
                quoted.append('\\').append(each);
            } else if (each < 0x20) {
                quoted.append("\\u%04x".formatted((int) each));
            } else {
                quoted.append(each);
            }
        }
        return quoted.append('"').toString();
    }
}
