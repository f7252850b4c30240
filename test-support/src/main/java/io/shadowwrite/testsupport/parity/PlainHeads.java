package io.shadowwrite.testsupport.parity;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts plain numbers where a message says which transaction it is of, where it stands in the log and when it was
 * committed, because these differ from run to run. Everything else stays as it is, byte for byte.
 */
public final class PlainHeads {

    private static final Pattern BEGIN = Pattern.compile("\\{\"action\":\"B\",\"xid\":\\d+,\"timestamp\":\"[^\"]*\","
            + "\"lsn\":\"[0-9A-F]+/[0-9A-F]+\",\"nextlsn\":\"[0-9A-F]+/[0-9A-F]+\"}");
    private static final Pattern COMMIT = Pattern.compile("\\{\"action\":\"C\",\"xid\":\\d+,\"timestamp\":\"[^\"]*\","
            + "\"lsn\":\"[0-9A-F]+/[0-9A-F]+\",\"nextlsn\":\"[0-9A-F]+/[0-9A-F]+\"}");
    private static final Pattern CHANGE = Pattern.compile(
            "(\\{\"action\":\"[IUDT]\"),\"xid\":\\d+,"
                    + "\"timestamp\":\"[^\"]*\",\"lsn\":\"[0-9A-F]+/[0-9A-F]+\"(,\"schema\":.*)",
            Pattern.DOTALL);

    private PlainHeads() {}

    /**
     * The messages of one transaction.
     *
     * @param transaction its ordinal in the case, from 0
     * @throws IllegalArgumentException when a message does not begin as the plug-in begins one
     */
    public static List<String> of(List<String> messages, int transaction) {
        List<String> plain = new ArrayList<>();
        for (String message : messages) {
            plain.add(plain(message, transaction, plain.size()));
        }
        return plain;
    }

    private static String plain(String message, int transaction, int ordinal) {
        String head = "\"xid\":%d,\"timestamp\":\"2026-11-21 12:00:%02d.000001+00\",\"lsn\":\"0/"
                .formatted(1001 + transaction, transaction);
        String commit = head + "%d000F00\",\"nextlsn\":\"0/%d000F30\"}".formatted(transaction + 1, transaction + 1);
        if (BEGIN.matcher(message).matches()) {
            return "{\"action\":\"B\"," + commit;
        }
        if (COMMIT.matcher(message).matches()) {
            return "{\"action\":\"C\"," + commit;
        }
        Matcher change = CHANGE.matcher(message);
        if (!change.matches()) {
            throw new IllegalArgumentException(
                    "the plug-in begins a message in an unknown way: " + message.substring(0, 20));
        }
        String place = "%d%06X\"".formatted(transaction + 1, ordinal);
        return change.group(1) + "," + head + place + change.group(2);
    }
}
