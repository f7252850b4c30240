package io.shadowwrite.verification.compare;

import static java.util.Objects.requireNonNull;

import io.shadowwrite.verification.scan.KeyCursor;
import io.shadowwrite.verification.scan.KeyDigest;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Everything both sides hold under one key.
 *
 * @param source the first expected row; null when there is none
 * @param sourceRows expected rows
 * @param target the first row that is there; null when there is none
 * @param targetRows rows that are there
 */
record KeyGroup(
        String key,
        @Nullable KeyDigest source,
        long sourceRows,
        @Nullable KeyDigest target,
        long targetRows) {

    /** Whether one expected row meets one equal row. */
    boolean isEqual() {
        return sourceRows == 1 && targetRows == 1 && source != null && target != null && source.sameRow(target);
    }

    /** Whether one expected row meets one with the same values in another spelling. */
    boolean isSpelledOtherwise() {
        return sourceRows == 1 && targetRows == 1 && source != null && target != null && source.sameValues(target);
    }

    /** The next key of either side with all its rows; null behind the last. Both cursors move past it. */
    static @Nullable KeyGroup next(KeyCursor source, KeyCursor target) throws SQLException {
        KeyDigest left = source.current();
        KeyDigest right = target.current();
        if (left == null && right == null) {
            return null;
        }
        String key = smaller(left, right);
        long sourceRows = skip(source, key);
        long targetRows = skip(target, key);
        return new KeyGroup(key, sourceRows == 0 ? null : left, sourceRows, targetRows == 0 ? null : right, targetRows);
    }

    private static String smaller(@Nullable KeyDigest left, @Nullable KeyDigest right) {
        if (left == null || right == null) {
            return left != null ? left.key() : requireNonNull(right).key();
        }
        return KeyCursor.compare(left.key(), right.key()) <= 0 ? left.key() : right.key();
    }

    private static long skip(KeyCursor cursor, String key) throws SQLException {
        long rows = 0;
        for (KeyDigest row = cursor.current(); row != null && row.key().equals(key); row = cursor.current()) {
            rows++;
            cursor.advance();
        }
        return rows;
    }
}
