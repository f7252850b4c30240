package io.shadowwrite.protocol;

import org.postgresql.replication.LogSequenceNumber;

/** A log sequence number as it stands in paths and queries: unsigned decimal digits, as in JSON. */
public final class LsnText {

    private LsnText() {}

    public static String of(LogSequenceNumber lsn) {
        return Long.toUnsignedString(lsn.asLong());
    }

    /**
     * The number.
     *
     * @param name what it is, for the problem
     * @throws ShadowProblem MALFORMED_REQUEST when the text is anything but unsigned decimal digits
     */
    public static LogSequenceNumber parse(String name, String text) {
        try {
            if (text.startsWith("+")) {
                throw new NumberFormatException(text);
            }
            return LogSequenceNumber.valueOf(Long.parseUnsignedLong(text));
        } catch (NumberFormatException notDecimal) {
            throw new ShadowProblem(
                    ProblemType.MALFORMED_REQUEST,
                    "%s is a log sequence number in unsigned decimal digits, such as 26970456".formatted(name),
                    notDecimal);
        }
    }
}
