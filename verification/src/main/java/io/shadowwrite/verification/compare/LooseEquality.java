package io.shadowwrite.verification.compare;

import io.shadowwrite.contract.ColumnType;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** Whether two different spellings are one value of a type, as a server sees it. */
final class LooseEquality {

    private LooseEquality() {}

    /** For each pair whether it is one value, in their order; as many queries as there are kinds of value. */
    static List<Boolean> hold(Connection server, List<Spelling> spellings) throws SQLException {
        Boolean[] agree = new Boolean[spellings.size()];
        Map<String, List<Integer>> open = new LinkedHashMap<>();
        for (int i = 0; i < agree.length; i++) {
            Spelling spelling = spellings.get(i);
            agree[i] = spelling.left().equals(spelling.right());
            if (mayAgree(spelling)) {
                open.computeIfAbsent(type(spelling.type()), _ -> new ArrayList<>())
                        .add(i);
            }
        }
        for (Map.Entry<String, List<Integer>> kind : open.entrySet()) {
            ask(server, kind.getKey(), kind.getValue(), spellings, agree);
        }
        return List.of(agree);
    }

    private static boolean mayAgree(Spelling spelling) {
        return hasSpellings(spelling.type())
                && isReadable(spelling.type(), spelling.left())
                && isReadable(spelling.type(), spelling.right());
    }

    private static void ask(
            Connection server, String type, List<Integer> positions, List<Spelling> spellings, Boolean[] agree)
            throws SQLException {
        String sql =
                "select l::%1$s = r::%1$s from unnest(?, ?) with ordinality as u(l, r, n) order by n".formatted(type);
        try (PreparedStatement statement = server.prepareStatement(sql)) {
            statement.setArray(
                    1,
                    texts(server, positions, position -> spellings.get(position).left()));
            statement.setArray(
                    2,
                    texts(server, positions, position -> spellings.get(position).right()));
            try (ResultSet rows = statement.executeQuery()) {
                for (int position : positions) {
                    agree[position] = rows.next() && rows.getBoolean(1);
                }
            }
        }
    }

    private static Array texts(Connection server, List<Integer> positions, IntFunction<String> text)
            throws SQLException {
        return server.createArrayOf("text", positions.stream().map(text::apply).toArray());
    }

    /** Without the declared precision, which would round a difference away. */
    private static String type(ColumnType type) {
        return switch (type.kind()) {
            case DECIMAL -> "numeric";
            case FLOAT -> "double precision";
            case TIMESTAMP -> "timestamp";
            case TIMESTAMPTZ -> "timestamptz";
            case JSON, JSONB -> "jsonb";
            case BOOLEAN, INTEGER, TEXT, BLANK_PADDED, UUID, BYTEA, DATE, TIME, INTERVAL, ARRAY, OTHER -> "text";
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
