package io.shadowwrite.api.database;

import org.postgresql.util.PGBinaryObject;
import org.postgresql.util.PGobject;

/** An array in the server's own format, as the driver wants to be given one. */
final class BinaryArray extends PGobject implements PGBinaryObject {

    private static final long serialVersionUID = 1;

    private final transient byte[] bytes;
    private final int length;

    BinaryArray(String type, byte[] bytes, int length) {
        this.type = type;
        this.bytes = bytes;
        this.length = length;
    }

    @Override
    public void setByteValue(byte[] value, int offset) {
        throw new UnsupportedOperationException("arrays are only sent in this form");
    }

    @Override
    public int lengthInBytes() {
        return length;
    }

    @Override
    public void toBytes(byte[] target, int offset) {
        System.arraycopy(bytes, 0, target, offset, length);
    }

    /** The driver asks for a text when it may not send the type in binary form. */
    @Override
    public String getValue() {
        throw new IllegalStateException(
                "the target's connection must send %s in binary form; remove binaryTransfer settings from shadow.target.url"
                        .formatted(type));
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public Object clone() {
        return this;
    }
}
