package io.shadowwrite.api.database;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

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
            case TEXT, TIMESTAMPTZ -> throw new IllegalStateException(type + " takes no plain number");
        }
    }

    public void add(LogSequenceNumber lsn) {
        add(lsn.asLong());
    }

    /** Null where there is none. */
    public void add(@Nullable String text) {
        if (text == null) {
            addNull();
            return;
        }
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        begin(encoded.length);
        System.arraycopy(encoded, 0, bytes, end, encoded.length);
        end += encoded.length;
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
