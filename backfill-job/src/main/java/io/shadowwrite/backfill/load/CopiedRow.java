package io.shadowwrite.backfill.load;

import io.shadowwrite.replication.ColumnValue;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A row as COPY spells it: fields with tabs between, characters in the way behind a backslash. */
final class CopiedRow {

    private CopiedRow() {}

    /**
     * The values of the row, in the order of its fields.
     *
     * @param line one line of COPY in text format, with or without its line feed
     * @param fields how many there are
     * @throws IllegalStateException when there are not as many
     */
    static List<ColumnValue> parse(byte[] line, int fields) {
        int end = line.length > 0 && line[line.length - 1] == '\n' ? line.length - 1 : line.length;
        ColumnValue[] values = new ColumnValue[fields];
        int from = 0;
        for (int i = 0; i < fields; i++) {
            if (from > end) {
                throw new IllegalStateException("a row has fewer fields than columns were asked for");
            }
            int to = from;
            while (to < end && line[to] != '\t') {
                to++;
            }
            values[i] = field(line, from, to);
            from = to + 1;
        }
        if (from <= end) {
            throw new IllegalStateException("a row has more fields than columns were asked for");
        }
        return List.of(values);
    }

    private static ColumnValue field(byte[] line, int from, int to) {
        if (to - from == 2 && line[from] == '\\' && line[from + 1] == 'N') {
            return ColumnValue.NULL;
        }
        for (int i = from; i < to; i++) {
            if (line[i] == '\\') {
                return new ColumnValue.Text(unescaped(line, from, to));
            }
        }
        return new ColumnValue.Text(new String(line, from, to - from, StandardCharsets.UTF_8));
    }

    private static String unescaped(byte[] line, int from, int to) {
        byte[] plain = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            boolean escape = line[i] == '\\' && i + 1 < to;
            plain[length++] = escape ? meant(line[++i]) : line[i];
        }
        return new String(plain, 0, length, StandardCharsets.UTF_8);
    }

    /** The server never spells a character by its number when it writes. */
    private static byte meant(byte letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 0x0B;
            default -> letter;
        };
    }
}
