package io.shadowwrite.protocol;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Month;
import java.time.ZoneOffset;
import java.time.chrono.IsoChronology;
import org.jspecify.annotations.Nullable;

/** An instant as the writers of this protocol spell it: {@code 2026-11-01T12:00:00.123456Z}, with any number of decimals. */
final class InstantText {

    private static final String FORM = "0000-00-00T00:00:00";
    private static final int MOST_DECIMALS = 9;

    private InstantText() {}

    /** Null for every other spelling, right or wrong. */
    static @Nullable Instant parse(String text) {
        int decimals = text.length() - FORM.length() - 2;
        if (decimals < -1 || decimals == 0 || decimals > MOST_DECIMALS || !hasForm(text)) {
            return null;
        }
        int year = number(text, 0, 4);
        int month = number(text, 5, 7);
        int day = number(text, 8, 10);
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) {
            return null;
        }
        if (day < 1 || day > Month.of(month).length(IsoChronology.INSTANCE.isLeapYear(year))) {
            return null;
        }
        int nanos = decimals < 0 ? 0 : nanos(text, decimals);
        return LocalDateTime.of(year, month, day, hour, minute, second, nanos).toInstant(ZoneOffset.UTC);
    }

    private static boolean hasForm(String text) {
        int last = text.length() - 1;
        for (int i = 0; i < last; i++) {
            char form = i < FORM.length() ? FORM.charAt(i) : i == FORM.length() ? '.' : '0';
            char is = text.charAt(i);
            if (form == '0' ? is < '0' || is > '9' : is != form) {
                return false;
            }
        }
        return text.charAt(last) == 'Z';
    }

    private static int nanos(String text, int decimals) {
        int nanos = number(text, FORM.length() + 1, text.length() - 1);
        for (int i = decimals; i < MOST_DECIMALS; i++) {
            nanos *= 10;
        }
        return nanos;
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }
}
