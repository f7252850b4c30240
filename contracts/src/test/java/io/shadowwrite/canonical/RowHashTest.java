package io.shadowwrite.canonical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@PostgresTest
class RowHashTest {

    private static final String ROW = RowHash.rowText("k", "c0, c1");

    /** The text of a row of two columns, each an SQL literal. */
    private static String rowText(Connection connection, String c0, String c1) throws SQLException {
        String row = "select '{\"id\":1}'::text as k, %s::text as c0, %s::text as c1".formatted(c0, c1);
        return String.valueOf(SqlRow.query(connection, "select %s from (%s) as t".formatted(ROW, row))
                .getFirst());
    }

    @Test
    void spellsARowSoThatNothingMovesBetweenColumns(@Source Database database) throws SQLException {
        try (Connection connection = database.connect()) {
            assertThat(rowText(connection, "'ä'", "null")).isEqualTo("{\"id\":1}(ä,)");
            assertThat(List.of(
                            rowText(connection, "'a'", "'b'"),
                            rowText(connection, "'ab'", "''"),
                            rowText(connection, "''", "'ab'"),
                            rowText(connection, "null", "'ab'"),
                            rowText(connection, "'a,'", "'b'"),
                            rowText(connection, "'a'", "',b'"),
                            rowText(connection, "'a\"'", "'b'"),
                            rowText(connection, "'a\"\"'", "'b'"),
                            rowText(connection, "'a\\'", "'b'"),
                            rowText(connection, "'a'", "null"),
                            rowText(connection, "' a'", "null"),
                            rowText(connection, "null", "null"),
                            rowText(connection, "''", "''")))
                    .doesNotHaveDuplicates();
        }
    }

    /** MD5 of the empty text is d41d8cd98f00b204e9800998ecf8427e. */
    @Test
    void hashesWithTheHalvesOfAnMd5(@Source Database database) throws SQLException {
        try (Connection connection = database.connect()) {
            assertThat(SqlRow.query(
                            connection,
                            "select %s, %s, %s"
                                    .formatted(
                                            RowHash.MD5.first("''"),
                                            RowHash.MD5.second("''"),
                                            RowHash.MD5.bucket("''", 8))))
                    .containsExactly(String.valueOf(0xd41d8cd98f00b204L), String.valueOf(0xe9800998ecf8427eL), "4");
        }
    }

    @ParameterizedTest
    @EnumSource
    void keepsBucketsWithinTheirBound(RowHash hash, @Source Database database) throws SQLException {
        try (Connection connection = database.connect()) {
            String buckets =
                    "select %s as b from (select '{\"id\":' || g || '}' as k from generate_series(1, 1000) g) as s"
                            .formatted(hash.bucket("k", 3));

            assertThat(SqlRow.query(connection, "select min(b), max(b), count(distinct b) from (" + buckets + ") as t"))
                    .containsExactly("0", "7", "8");
        }
        assertThatThrownBy(() -> hash.bucket("k", 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> hash.bucket("k", 17)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource
    void isProbedAlikeOnOneServer(RowHash hash, @Source Database database) throws SQLException {
        try (Connection connection = database.connect()) {
            assertThat(SqlRow.query(connection, hash.probe()))
                    .hasSize(21)
                    .doesNotContainNull()
                    .isEqualTo(SqlRow.query(connection, hash.probe()));
        }
    }

    /** Kind, two texts, whether they are one value. */
    @ParameterizedTest
    @CsvSource({
        "DECIMAL, 1.5, 1.500, true",
        "DECIMAL, 1e3, 1000, true",
        "DECIMAL, -0, 0.00, true",
        "DECIMAL, 1.5, 1.51, false",
        "DECIMAL, none, none, true",
        "DECIMAL, 1.5 , none, false",
        "FLOAT, -0, 0, true",
        "FLOAT, 0.10, 1e-1, true",
        "FLOAT, NaN, Infinity, false",
        "TIMESTAMPTZ, 2026-11-01T12:00:00.5Z, 2026-11-01T12:00:00.500000Z, true",
        "TIMESTAMP, 2026-11-01T12:00:00.5Z, 2026-11-01T12:00:00.6Z, false",
        "TIMESTAMP, infinity, -infinity, false"
    })
    void knowsSpellingsOfOneValue(
            ColumnType.Kind kind, String one, String other, boolean same, @Source Database database)
            throws SQLException {
        ColumnType type = new ColumnType("any", kind);
        try (Connection connection = database.connect()) {
            String loose = "select %s, %s from (select '%s'::text as a, '%s'::text as b) as t"
                    .formatted(CanonicalSql.loose(type, "a"), CanonicalSql.loose(type, "b"), one, other);
            List<String> texts = SqlRow.query(connection, loose);

            assertThat(Objects.equals(texts.get(0), texts.get(1))).isEqualTo(same);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsRowsApartBySpellingAndByValue(RowHash hash, @Source Database database) throws SQLException {
        RowHash.Spelled number = new RowHash.Spelled(new ColumnType("numeric", ColumnType.Kind.DECIMAL), "s.b");
        String rows = "from (values (1, 'x', '1.5'), (2, 'x', '1.50'), (3, 'y', '1.5'), (4, 'x', null)) as s (n, a, b)";
        String loose = hash.rows("'k'::text", List.of("s.a", "s.b"), Map.of(1, number), rows, 4);
        String none = hash.rows("'k'::text", List.of("s.a", "s.b"), Map.of(), rows, 4);
        try (Connection connection = database.connect()) {
            assertThat(SqlRow.query(
                            connection,
                            "select count(distinct h0), count(distinct l), count(l) from (%s) as u".formatted(loose)))
                    .containsExactly("4", "3", "4");
            assertThat(SqlRow.query(connection, "select count(l) from (%s) as u".formatted(none)))
                    .containsExactly("0");
        }
    }
}
