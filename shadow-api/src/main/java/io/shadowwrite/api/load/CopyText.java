package io.shadowwrite.api.load;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;

/**
 * Rows in the text format of COPY, collected as bytes and sent about in the order of their keys: neighbours cost the target's
 * indexes half of what strangers do. Nothing is kept of a row but its bytes and two numbers, so that a collector has nothing
 * to copy. Belongs to one request and one thread.
 */
final class CopyText {

    private static final byte[] NULL = {'\\', 'N'};
    private static final int MESSAGE_BYTES = 1 << 16;

    /** Characters of a key that decide the order; enough to tell some ten thousand keys apart that look like random ones. */
    private static final int KEY_CHARACTERS = 5;

    private static final int NUMBER_BITS = 24;
    private static final int MOST_ROWS = 1 << NUMBER_BITS;

    private byte[] bytes = new byte[1 << 16];
    private int end;
    private boolean rowBegun;
    private int rows;

    /** Where each row ends. */
    private int[] ends = new int[256];

    /** Of each row the beginning of its key, above its number. */
    private long[] order = new long[256];

    boolean isEmpty() {
        return end == 0;
    }

    /** The next field of the row. */
    CopyText add(@Nullable String text) {
        if (rowBegun) {
            room(1);
            bytes[end++] = '\t';
        }
        rowBegun = true;
        if (text == null) {
            room(NULL.length);
            System.arraycopy(NULL, 0, bytes, end, NULL.length);
            end += NULL.length;
        } else {
            addText(text);
        }
        return this;
    }

    private void addText(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        // Twice for a backslash before each character.
        room(2 * encoded.length);
        int plainFrom = 0;
        for (int i = 0; i < encoded.length; i++) {
            byte one = encoded[i];
            if (one == '\\' || (one <= '\r' && one >= '\t')) {
                addPlain(encoded, plainFrom, i);
                addByte(one);
                plainFrom = i + 1;
            }
        }
        addPlain(encoded, plainFrom, encoded.length);
    }

    private void addPlain(byte[] encoded, int from, int to) {
        System.arraycopy(encoded, from, bytes, end, to - from);
        end += to - from;
    }

    private void addByte(byte one) {
        switch (one) {
            case '\\' -> escaped('\\');
            case '\n' -> escaped('n');
            case '\r' -> escaped('r');
            case '\t' -> escaped('t');
            default -> bytes[end++] = one;
        }
    }

    private void escaped(char name) {
        bytes[end++] = '\\';
        bytes[end++] = (byte) name;
    }

    /**
     * The row is complete.
     *
     * @param key texts of its key; rows whose keys look equal at their beginning stay as they came
     */
    void endRow(List<String> key) {
        room(1);
        bytes[end++] = '\n';
        rowBegun = false;
        if (rows == ends.length) {
            ends = Arrays.copyOf(ends, 2 * rows);
            order = Arrays.copyOf(order, 2 * rows);
        }
        ends[rows] = end;
        order[rows] = (beginning(key) << NUMBER_BITS) | Objects.checkIndex(rows, MOST_ROWS);
        rows++;
    }

    private static long beginning(List<String> key) {
        long beginning = 0;
        int taken = 0;
        for (String text : key) {
            for (int i = 0; i < text.length() && taken < KEY_CHARACTERS; i++, taken++) {
                beginning = (beginning << Byte.SIZE) | Math.min(text.charAt(i), Byte.MAX_VALUE);
            }
        }
        return beginning << (Byte.SIZE * (KEY_CHARACTERS - taken));
    }

    private void room(int more) {
        int needed = Math.addExact(end, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Math.max(2L * bytes.length, needed), Integer.MAX_VALUE - 8));
        }
    }

    /** Sends everything that was collected, and forgets it. */
    void send(Connection connection, String copy) throws SQLException {
        CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
        Arrays.sort(order, 0, rows);
        CopyIn open = copies.copyIn(copy);
        try {
            write(open);
            open.endCopy();
        } finally {
            if (open.isActive()) {
                open.cancelCopy();
            }
            clear();
        }
    }

    /** A message of COPY for each row would double the work of both ends. */
    private void write(CopyIn open) throws SQLException {
        byte[] message = new byte[MESSAGE_BYTES];
        int filled = 0;
        for (int i = 0; i < rows; i++) {
            int row = (int) (order[i] & (MOST_ROWS - 1));
            int from = row == 0 ? 0 : ends[row - 1];
            int length = ends[row] - from;
            if (filled > 0 && filled + length > message.length) {
                open.writeToCopy(message, 0, filled);
                filled = 0;
            }
            if (length > message.length) {
                open.writeToCopy(bytes, from, length);
            } else {
                System.arraycopy(bytes, from, message, filled, length);
                filled += length;
            }
        }
        if (filled > 0) {
            open.writeToCopy(message, 0, filled);
        }
    }

    void clear() {
        rows = 0;
        end = 0;
        rowBegun = false;
    }
}
