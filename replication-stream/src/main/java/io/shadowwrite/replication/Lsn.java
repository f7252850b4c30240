package io.shadowwrite.replication;

import org.postgresql.replication.LogSequenceNumber;

/** The one place that reads an LSN from text; the driver's own reader turns garbage into the invalid LSN. */
public final class Lsn {

    private static final int MOST_DIGITS = 8;

    private Lsn() {}

    /**
     * Reads the {@code 0/16B3748} form.
     *
     * @throws IllegalArgumentException when it is something else, or the invalid LSN
     */
    public static LogSequenceNumber parse(String text) {
        int slash = text.indexOf('/');
        if (!isHalf(text, 0, slash) || !isHalf(text, slash + 1, text.length())) {
            throw new IllegalArgumentException("not an LSN: " + text);
        }
        long high = Long.parseLong(text, 0, slash, 16);
        long low = Long.parseLong(text, slash + 1, text.length(), 16);
        LogSequenceNumber lsn = LogSequenceNumber.valueOf((high << Integer.SIZE) | low);
        if (lsn.equals(LogSequenceNumber.INVALID_LSN)) {
            throw new IllegalArgumentException("the LSN is not set: " + text);
        }
        return lsn;
    }

    private static boolean isHalf(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f'))) {
                return false;
            }
        }
        return to > from && to - from <= MOST_DIGITS;
    }

    /** The later of two. */
    public static LogSequenceNumber max(LogSequenceNumber one, LogSequenceNumber other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
