package io.shadowwrite.verification.scan;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** How a server turns text into two 64-bit numbers. Both sides of a comparison use the same. */
public enum RowHash {
    /** The server's own seeded hash: fast, and not promised to be the same in every build; so it is probed first. */
    SERVER {
        @Override
        String first(String text) {
            return "hashtextextended((" + text + ") collate \"C\", 7046029254386353131)";
        }

        @Override
        String second(String text) {
            return "hashtextextended((" + text + ") collate \"C\", 1609587929392839161)";
        }

        @Override
        String key(String text) {
            return "hashtextextended((" + text + ") collate \"C\", 2870177450012600261)";
        }
    },
    /** The two halves of an MD5: the same everywhere. */
    MD5 {
        @Override
        String first(String text) {
            return "('x' || substr(md5(" + text + "), 1, 16))::bit(64)::bigint";
        }

        @Override
        String second(String text) {
            return "('x' || substr(md5(" + text + "), 17, 16))::bit(64)::bigint";
        }

        @Override
        String key(String text) {
            return first(text);
        }
    };

    private static final List<String> PROBES = List.of(
            "''",
            "'a'",
            "'0123456789ab'",
            "'Grüße, Δ, \u6f22, \ud83d\ude00'",
            "repeat('long ', 1000)",
            "E'tab\\tand\\nline'",
            "' '");

    /** SQL for the first hash of a text that is not NULL. */
    abstract String first(String text);

    /** SQL for the second, independent one. */
    abstract String second(String text);

    /** SQL for the hash that chooses a key's bucket. */
    abstract String key(String text);

    /** The server's own hash where both servers agree on it, otherwise MD5. */
    public static RowHash agreedBy(Connection source, Connection target) throws SQLException {
        return SERVER.probe(source).equals(SERVER.probe(target)) ? SERVER : MD5;
    }

    private List<Long> probe(Connection connection) throws SQLException {
        StringJoiner select = new StringJoiner(", ", "select ", "");
        for (String probe : PROBES) {
            select.add(first(probe)).add(second(probe)).add(key(probe));
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(select.toString())) {
            rows.next();
            List<Long> answers = new ArrayList<>();
            for (int i = 1; i <= 3 * PROBES.size(); i++) {
                answers.add(rows.getLong(i));
            }
            return answers;
        }
    }
}
