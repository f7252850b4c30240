package io.shadowwrite.transform;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;

/** Reads timestamps without zone as the local time of one zone, as PostgreSQL's {@code AT TIME ZONE} does. */
final class LocalTime {

    private static final DateTimeFormatter CANONICAL = new DateTimeFormatterBuilder()
            .appendValue(ChronoField.YEAR, 4, 6, SignStyle.NOT_NEGATIVE)
            .appendPattern("-MM-dd'T'HH:mm:ss.SSSSSS'Z'")
            .toFormatter();

    private final ZoneId zone;

    LocalTime(String zone) {
        this.zone = ZoneId.of(zone);
    }

    /**
     * The instant of a local time. Of an hour that happens twice it is the second one; a time inside a gap counts from
     * the offset before the gap.
     */
    String toUtc(String local) {
        if (local.endsWith("infinity")) {
            return local;
        }
        try {
            ZonedDateTime zoned =
                    LocalDateTime.parse(local, CANONICAL).atZone(zone).withLaterOffsetAtOverlap();
            return CANONICAL.format(zoned.withZoneSameInstant(ZoneOffset.UTC));
        } catch (DateTimeException _) {
            throw new IllegalArgumentException("the value is not a timestamp");
        }
    }
}
