package io.shadowwrite.transform;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Reads timestamps without zone as the local time of one zone, as PostgreSQL's {@code AT TIME ZONE} does. */
final class LocalTime {

    /** What follows the year, which has at least four digits. */
    private static final int BEHIND_YEAR = "-00-00T00:00:00.000000Z".length();

    private final ZoneId zone;

    LocalTime(String zone) {
        this.zone = ZoneId.of(zone);
    }

    /**
     * The instant of a local time in canonical text. Of an hour that happens twice it is the second one; a time inside a gap
     * counts from the offset before the gap.
     */
    String toUtc(String local) {
        if (local.endsWith("infinity")) {
            return local;
        }
        try {
            return text(parsed(local)
                    .atZone(zone)
                    .withLaterOffsetAtOverlap()
                    .withZoneSameInstant(ZoneOffset.UTC)
                    .toLocalDateTime());
        } catch (DateTimeException | NumberFormatException | IndexOutOfBoundsException _) {
            throw new IllegalArgumentException("the value is not a timestamp");
        }
    }

    /** By places: a formatter would cost more than all else that becomes of a row. */
    private static LocalDateTime parsed(String local) {
        int year = local.length() - BEHIND_YEAR;
        return LocalDateTime.of(
                        number(local, 0, year),
                        number(local, year + 1, 2),
                        number(local, year + 4, 2),
                        number(local, year + 7, 2),
                        number(local, year + 10, 2),
                        number(local, year + 13, 2))
                .plus(number(local, year + 16, 6), ChronoUnit.MICROS);
    }

    private static int number(String text, int from, int digits) {
        return Integer.parseInt(text, from, from + digits, 10);
    }

    private static String text(LocalDateTime time) {
        if (time.getYear() < 1) {
            throw new DateTimeException("PostgreSQL counts such years backwards, and they have no canonical text");
        }
        StringBuilder text = new StringBuilder(32);
        append(text, time.getYear(), 4);
        append(text.append('-'), time.getMonthValue(), 2);
        append(text.append('-'), time.getDayOfMonth(), 2);
        append(text.append('T'), time.getHour(), 2);
        append(text.append(':'), time.getMinute(), 2);
        append(text.append(':'), time.getSecond(), 2);
        append(text.append('.'), time.getNano() / 1_000, 6);
        return text.append('Z').toString();
    }

    private static void append(StringBuilder text, int number, int digits) {
        String plain = Integer.toString(number);
        text.repeat('0', Math.max(0, digits - plain.length())).append(plain);
    }
}
