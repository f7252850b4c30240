package io.shadowwrite.verification.scan;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Rows that a server sorted; lives as long as its result set. */
final class ResultSetCursor implements KeyCursor {

    private final ResultSet rows;
    private @Nullable KeyDigest current;

    ResultSetCursor(ResultSet rows) throws SQLException {
        this.rows = rows;
        advance();
    }

    @Override
    public @Nullable KeyDigest current() {
        return current;
    }

    @Override
    public void advance() throws SQLException {
        current = rows.next() ? row() : null;
    }

    private KeyDigest row() throws SQLException {
        return new KeyDigest(
                rows.getString(1), rows.getInt(2), rows.getLong(3), rows.getLong(4), rows.getObject(5, Long.class));
    }
}
