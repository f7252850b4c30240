package io.shadowwrite.verification.scan;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Walks over the rows of a side in key order, one ahead. Not thread-safe; lives as long as the reader it was given to. */
public interface KeyCursor {

    /** The row it stands on; null behind the last. */
    @Nullable KeyDigest current();

    /** Moves to the next row. */
    void advance() throws SQLException;

    /** The order in which keys come: by UTF-8 bytes. */
    static int compare(String left, String right) {
        return Arrays.compareUnsigned(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    }

    /** A consumer of rows in key order. */
    @FunctionalInterface
    interface Reader<T> {
        T read(KeyCursor cursor) throws SQLException;
    }
}
