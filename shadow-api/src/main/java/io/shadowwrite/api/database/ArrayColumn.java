package io.shadowwrite.api.database;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * One column of a set, collected straight into the bytes of the array parameter that carries it: no list, no boxes and no
 * text that the server would have to read again. Belongs to one request and one thread.
 */
public final class ArrayColumn {

    /** Dimensions, whether there are nulls, element type, length and lower bound, four bytes each. */
    private static final int HEADER = 20;

    private static final int FIRST_CAPACITY = 2_048;

    /** Seconds from 1970, where we count from, to 2000, where the server does; in microseconds. */
    private static final long EPOCH_MICROS = 946_684_800_000_000L;

    private final Type type;
    private byte[] bytes = new byte[FIRST_CAPACITY];
    private int end = HEADER;
    private int count;
    private boolean nulls;

    /** What an element is to the server. */
    private enum Type {
        INT2("_int2", 21),
        INT4("_int4", 23),
        INT8("_int8", 20),
        TEXT("_text", 25),
        TIMESTAMPTZ("_timestamptz", 1184),
        UUID("_uuid", 2950),
        LSN("_pg_lsn", 3220);

        private final String array;
        private final int element;

        Type(String array, int element) {
            this.array = array;
            this.element = element;
        }
    }

    private ArrayColumn(Type type) {
        this.type = type;
    }

    /** For a parameter of type {@code smallint[]}. */
    public static ArrayColumn smallints() {
        return new ArrayColumn(Type.INT2);
    }

    /** For a parameter of type {@code integer[]}. */
    public static ArrayColumn integers() {
        return new ArrayColumn(Type.INT4);
    }

    /** For a parameter of type {@code bigint[]}. */
    public static ArrayColumn bigints() {
        return new ArrayColumn(Type.INT8);
    }

    /** For a parameter of type {@code text[]}. */
    public static ArrayColumn texts() {
        return new ArrayColumn(Type.TEXT);
    }

    /** For a parameter of type {@code uuid[]}, made of texts. */
    public static ArrayColumn uuids() {
        return new ArrayColumn(Type.UUID);
    }

    /** For a parameter of type {@code timestamptz[]}. */
    public static ArrayColumn timestamps() {
        return new ArrayColumn(Type.TIMESTAMPTZ);
    }

    /** For a parameter of type {@code pg_lsn[]}. */
    public static ArrayColumn lsns() {
        return new ArrayColumn(Type.LSN);
    }

    public int size() {
        return count;
    }

    /** A whole number that fits the type of the column. */
    public void add(long value) {
        switch (type) {
            case INT2 -> {
                begin(Short.BYTES);
                bytes[end++] = (byte) (value >> 8);
                bytes[end++] = (byte) value;
            }
            case INT4 -> {
                begin(Integer.BYTES);
                putInt(end, (int) value);
                end += Integer.BYTES;
            }
            case INT8, LSN -> addLong(value);
            case TEXT, TIMESTAMPTZ, UUID -> throw new IllegalStateException(type + " takes no plain number");
        }
    }

    public void add(LogSequenceNumber lsn) {
        add(lsn.asLong());
    }

    /**
     * Null where there is none.
     *
     * @throws DataIntegrityViolationException as from the server, for a text that is no uuid in a column of uuids
     */
    public void add(@Nullable String text) {
        if (text == null) {
            addNull();
            return;
        }
        if (type == Type.UUID) {
            addUuid(text);
            return;
        }
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        begin(encoded.length);
        System.arraycopy(encoded, 0, bytes, end, encoded.length);
        end += encoded.length;
    }

    /** What the server takes for one: hex digits in either case, a hyphen after any four of them, braces around it all. */
    private void addUuid(String text) {
        boolean braces = text.length() > 1 && text.charAt(0) == '{' && text.charAt(text.length() - 1) == '}';
        int digits = 0;
        long high = 0;
        long low = 0;
        for (int i = braces ? 1 : 0; i < text.length() - (braces ? 1 : 0); i++) {
            char c = text.charAt(i);
            if (c == '-' && digits % 4 == 0 && digits > 0 && digits < 32 && text.charAt(i - 1) != '-') {
                continue;
            }
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0 || digits == 32) {
                throw noUuid();
            }
            high = digits < 16 ? high << 4 | digit : high;
            low = digits < 16 ? low : low << 4 | digit;
            digits++;
        }
        if (digits < 32) {
            throw noUuid();
        }
        begin(2 * Long.BYTES);
        putLong(high);
        putLong(low);
    }

    private static DataIntegrityViolationException noUuid() {
        return new DataIntegrityViolationException("not a uuid", new SQLException("not a uuid", "22P02"));
    }

    /** A moment in microseconds since 1970. */
    public void addMicros(long micros) {
        addLong(micros - EPOCH_MICROS);
    }

    public void addNull() {
        nulls = true;
        begin(0);
        putInt(end - Integer.BYTES, -1);
    }

    private void addLong(long value) {
        begin(Long.BYTES);
        putLong(value);
    }

    private void putLong(long value) {
        putInt(end, (int) (value >> 32));
        putInt(end + Integer.BYTES, (int) value);
        end += Long.BYTES;
    }

    /** Makes room for an element and writes its length. */
    private void begin(int length) {
        int needed = Math.addExact(Math.addExact(end, Integer.BYTES), length);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Math.max(2L * bytes.length, needed), Integer.MAX_VALUE - 8));
        }
        putInt(end, length);
        end += Integer.BYTES;
        count++;
    }

    private void putInt(int at, int value) {
        bytes[at] = (byte) (value >> 24);
        bytes[at + 1] = (byte) (value >> 16);
        bytes[at + 2] = (byte) (value >> 8);
        bytes[at + 3] = (byte) value;
    }

    /** What has been added, as a value for a statement. Add nothing afterwards. */
    public Object parameter() {
        putInt(0, count == 0 ? 0 : 1);
        putInt(4, nulls ? 1 : 0);
        putInt(8, type.element);
        putInt(12, count);
        putInt(16, 1);
        return new BinaryArray(type.array, bytes, count == 0 ? 12 : end);
    }
}
