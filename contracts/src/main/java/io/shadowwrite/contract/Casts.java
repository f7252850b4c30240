package io.shadowwrite.contract;

import io.shadowwrite.contract.ColumnType.Kind;

/** Which casts have one meaning over canonical text: the text stays, and only what it is called changes. */
final class Casts {

    private Casts() {}

    static boolean allowed(ColumnType from, ColumnType to) {
        boolean anyText = from.kind() == Kind.TEXT || from.kind() == Kind.BLANK_PADDED || from.kind() == Kind.OTHER;
        boolean widened = from.kind() == Kind.INTEGER && to.kind() == Kind.DECIMAL;
        boolean document = isDocument(from.kind()) && isDocument(to.kind());
        return TypeParser.isUnreadable(from)
                || TypeParser.isUnreadable(to)
                || from.kind() == to.kind()
                || to.kind() == Kind.TEXT
                || anyText
                || widened
                || document;
    }

    private static boolean isDocument(Kind kind) {
        return kind == Kind.JSON || kind == Kind.JSONB;
    }
}
