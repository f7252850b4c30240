package io.shadowwrite.api.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Target;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is collected comes back from a table as it was. */
@PostgresTest
class CopyTextTest {

    private static final List<@Nullable String> HARD = Arrays.asList(
            "",
            null,
            "\\N",
            "\\.",
            "\\",
            "a\tb\nc\rd\\e",
            "\b\f\u000B\u0001\u007F",
            "\\x00ff",
            "{\"a\": \"\\\\u00e9\\n\"}",
            "zwé €",
            "\uD83D\uDE00 behind",
            "x".repeat(100_000) + "\n");

    @Test
    void comesBackAsItWas(@Target Database target) throws SQLException {
        target.execute("create table copied (id int primary key, hard text, plain text)");
        CopyText rows = new CopyText();
        for (int i = 0; i < HARD.size(); i++) {
            rows.add(Integer.toString(i)).add(HARD.get(i)).add("plain").endRow(List.of(Integer.toString(i % 3)));
        }

        List<@Nullable String> read = new ArrayList<>();
        try (Connection connection = target.connect()) {
            rows.send(connection, "copy copied from stdin");
            assertThat(rows.isEmpty()).isTrue();
            try (Statement statement = connection.createStatement();
                    ResultSet row =
                            statement.executeQuery("select hard from copied where plain = 'plain' order by id")) {
                while (row.next()) {
                    read.add(row.getString(1));
                }
            }
        }

        assertThat(read).containsExactlyElementsOf(HARD);
    }

    @Test
    void arrivesInTheOrderOfItsKeysAndOneKeyAsItCame(@Target Database target) throws SQLException {
        target.execute("create table ordered (key text, place int)");
        CopyText rows = new CopyText();
        for (int i = 0; i < 50_000; i++) {
            String key = "k" + (i * 7) % 10;
            rows.add(key).add(Integer.toString(i)).endRow(List.of("", key, "behind"));
        }

        try (Connection connection = target.connect()) {
            rows.send(connection, "copy ordered from stdin");
        }

        assertThat(target.queryForString("""
                select count(*) filter (where (key, place) < (before, place_before)) || ' of ' || count(*)
                  from (select key, place, lag(key) over stored as before, lag(place) over stored as place_before
                          from ordered
                        window stored as (order by ctid)) as pairs
                """)).isEqualTo("0 of 50000");
    }
}
