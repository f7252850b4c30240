package io.shadowwrite.verification.scan;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Walks over rows in key order, one ahead. Not thread-safe; lives as long as its result set. */
public final class KeyCursor {

    private final ResultSet rows;
    private @Nullable KeyDigest current;

    KeyCursor(ResultSet rows) throws SQLException {
        this.rows = rows;
        advance();
    }

    /** The row it stands on; null behind the last. */
    public @Nullable KeyDigest current() {
        return current;
    }

    /** Moves to the next row. */
    public void advance() throws SQLException {
        current =
                rows.next() ? new KeyDigest(rows.getString(1), rows.getInt(2), rows.getLong(3), rows.getLong(4)) : null;
    }

    /** The order in which the server delivers keys: by UTF-8 bytes. */
    public static int compare(String left, String right) {
        return Arrays.compareUnsigned(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    }
}
