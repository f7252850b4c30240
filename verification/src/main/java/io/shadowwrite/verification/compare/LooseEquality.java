package io.shadowwrite.verification.compare;

import io.shadowwrite.contract.ColumnType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether two different spellings are one value of a type, as a server sees it. */
final class LooseEquality {

    private LooseEquality() {}

    static boolean holds(Connection server, ColumnType type, @Nullable String left, @Nullable String right)
            throws SQLException {
        if (left == null
                || right == null
                || !hasSpellings(type)
                || !isReadable(type, left)
                || !isReadable(type, right)) {
            return Objects.equals(left, right);
        }
        String sql = "select " + value(type) + " = " + value(type);
        try (PreparedStatement statement = server.prepareStatement(sql)) {
            statement.setString(1, left);
            statement.setString(2, right);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    /** Without the declared precision, which would round a difference away. */
    private static String value(ColumnType type) {
        return switch (type.kind()) {
            case DECIMAL -> "(?::text)::numeric";
            case FLOAT -> "(?::text)::double precision";
            case TIMESTAMP -> "(?::text)::timestamp";
            case TIMESTAMPTZ -> "(?::text)::timestamptz";
            case JSON, JSONB -> "(?::text)::jsonb";
            case BOOLEAN, INTEGER, TEXT, BLANK_PADDED, UUID, BYTEA, DATE, TIME, INTERVAL, ARRAY, OTHER -> "?::text";
        };
    }

    /** Text is its own spelling; an interval's equality takes a month for thirty days, which is another value. */
    private static boolean hasSpellings(ColumnType type) {
        return switch (type.kind()) {
            case DECIMAL, FLOAT, JSON, JSONB, TIMESTAMP, TIMESTAMPTZ -> true;
            case BOOLEAN, INTEGER, TEXT, BLANK_PADDED, UUID, BYTEA, DATE, TIME, INTERVAL, ARRAY, OTHER -> false;
        };
    }

    /** A text that the type cannot read would end the transaction; numbers are the ones that can be that. */
    private static boolean isReadable(ColumnType type, String text) {
        return switch (type.kind()) {
            case DECIMAL, FLOAT ->
                text.matches("[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,2})?|NaN|[+-]?Infinity");
            case TIMESTAMP, TIMESTAMPTZ -> text.matches("[0-9]{4,6}-[0-9T:.-]+Z|-?infinity");
            case JSON, JSONB -> text.indexOf('\u0001') < 0;
            case BOOLEAN, INTEGER, TEXT, BLANK_PADDED, UUID, BYTEA, DATE, TIME, INTERVAL, ARRAY, OTHER -> false;
        };
    }
}
