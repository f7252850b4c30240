package io.shadowwrite.api.load;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;

/** Rows in the text format of COPY, collected as bytes. Belongs to one request and one thread. */
final class CopyText {

    private static final byte[] NULL = {'\\', 'N'};

    private byte[] bytes = new byte[1 << 16];
    private int end;
    private boolean rowBegun;

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

    void endRow() {
        room(1);
        bytes[end++] = '\n';
        rowBegun = false;
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
        CopyIn open = copies.copyIn(copy);
        try {
            open.writeToCopy(bytes, 0, end);
            open.endCopy();
        } finally {
            if (open.isActive()) {
                open.cancelCopy();
            }
            clear();
        }
    }

    void clear() {
        end = 0;
        rowBegun = false;
    }
}
