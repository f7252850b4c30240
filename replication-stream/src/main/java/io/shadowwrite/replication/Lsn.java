package io.shadowwrite.replication;

import java.util.regex.Pattern;
import org.postgresql.replication.LogSequenceNumber;

/** The one place that reads an LSN from text; the driver's own reader turns garbage into the invalid LSN. */
public final class Lsn {

    private static final Pattern FORM = Pattern.compile("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}");

    private Lsn() {}

    /**
     * Reads the {@code 0/16B3748} form.
     *
     * @throws IllegalArgumentException when it is something else, or the invalid LSN
     */
    public static LogSequenceNumber parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("not an LSN: " + text);
        }
        LogSequenceNumber lsn = LogSequenceNumber.valueOf(text);
        if (lsn.equals(LogSequenceNumber.INVALID_LSN)) {
            throw new IllegalArgumentException("the LSN is not set: " + text);
        }
        return lsn;
    }

    /** The later of two. */
    public static LogSequenceNumber max(LogSequenceNumber one, LogSequenceNumber other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
