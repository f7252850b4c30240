package io.shadowwrite.contract;

import io.shadowwrite.contract.ColumnType.Kind;

/**
 * Which casts have one meaning over canonical text. Inside an expression the text must stay as it is; the value of a
 * target column is respelled as its type in the end, so there a text may also become what it spells.
 */
final class Casts {

    private Casts() {}

    static boolean allowed(ColumnType from, ColumnType to, boolean respelled) {
        boolean known = !TypeParser.isUnreadable(from) && !TypeParser.isUnreadable(to);
        return !known
                || keepsText(from.kind(), to.kind())
                || (respelled && (isTextual(from.kind()) || isCalendar(from.kind(), to.kind())));
    }

    private static boolean keepsText(Kind from, Kind to) {
        boolean widened = from == Kind.INTEGER && to == Kind.DECIMAL;
        return from == to || to == Kind.TEXT || widened || (isDocument(from) && isDocument(to));
    }

    private static boolean isTextual(Kind kind) {
        return kind == Kind.TEXT || kind == Kind.BLANK_PADDED || kind == Kind.OTHER;
    }

    private static boolean isCalendar(Kind from, Kind to) {
        return (from == Kind.DATE && isTimestamp(to)) || (isTimestamp(from) && to == Kind.DATE);
    }

    private static boolean isTimestamp(Kind kind) {
        return kind == Kind.TIMESTAMP || kind == Kind.TIMESTAMPTZ;
    }

    private static boolean isDocument(Kind kind) {
        return kind == Kind.JSON || kind == Kind.JSONB;
    }
}
