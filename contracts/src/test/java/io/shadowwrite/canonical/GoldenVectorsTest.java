package io.shadowwrite.canonical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

@PostgresTest
class GoldenVectorsTest {

    @Test
    void javaSpellsValuesAsFrozen() {
        SoftAssertions softly = new SoftAssertions();
        for (GoldenVectors.Value value : GoldenVectors.values()) {
            softly.assertThat(CanonicalValue.of(value.type(), value.decoded()))
                    .as("%s %s", value.type().sql(), value.input())
                    .isEqualTo(value.canonical());
            softly.assertThat(CanonicalValue.of(value.type(), value.canonical()))
                    .as("%s %s again", value.type().sql(), value.input())
                    .isEqualTo(value.canonical());
        }
        softly.assertAll();
    }

    @Test
    void serverSpellsValuesAsFrozen(@Source Database database) throws SQLException {
        try (Connection connection = database.connect()) {
            for (GoldenVectors.Value value : GoldenVectors.values()) {
                String sql = "select %s, %s from (select ?::text::%s as v, ?::text as c) as s"
                        .formatted(
                                CanonicalSql.text(value.type(), "v"),
                                CanonicalSql.text(value.type(), CanonicalSql.parse(value.type(), "c")),
                                value.type().sql());
                assertThat(SqlRow.query(connection, sql, value.input(), value.canonical()))
                        .as("%s %s and back", value.type().sql(), value.input())
                        .containsExactly(value.server(), value.server());
            }
        }
    }

    @Test
    void serverRefusesWhatIsTooLongInsteadOfCuttingIt(@Source Database database) {
        database.execute("create table short (a varchar(3), b char(3), c bit(3), d bit varying(3))");
        Map<String, ColumnType> columns = Map.of(
                "a", ColumnType.parse("varchar(3)"),
                "b", ColumnType.parse("char(3)"),
                "c", ColumnType.parse("bit(3)"),
                "d", ColumnType.parse("bit varying(3)"));
        columns.forEach((column, type) -> {
            String insert = "insert into short (%s) select %s from (select '%%s'::text as t) as s"
                    .formatted(column, CanonicalSql.parse(type, "s.t"));
            database.execute(insert.formatted("101"));
            assertThatThrownBy(() -> database.execute(insert.formatted("10111")))
                    .as(column)
                    .hasRootCauseInstanceOf(SQLException.class);
        });
        assertThat(database.queryForLong("select count(*) from short")).isEqualTo(4);
    }

    @Test
    void serverRefusesWhatIsTooLongForADomainOrAnArray(@Source Database database) {
        database.execute("""
                create domain a as varchar(3);
                create domain b as char(3);
                create domain c as bit(3);
                create domain d as bit varying(3);
                create domain e as public.a;
                create domain f as varchar(3)[];
                create table shorter (a a, b b, c c, d d, e e, f f, g varchar(3)[], h char(3)[], i bit(3)[], j bit varying(3)[])
                """);
        Map.of(
                        "a",
                        "public.a",
                        "b",
                        "public.b",
                        "c",
                        "public.c",
                        "d",
                        "public.d",
                        "e",
                        "public.e",
                        "f",
                        "public.f",
                        "g",
                        "varchar(3)[]",
                        "h",
                        "char(3)[]",
                        "i",
                        "bit(3)[]",
                        "j",
                        "bit varying(3)[]")
                .forEach((column, type) -> {
                    String value = "fghij".contains(column) ? "{%s}" : "%s";
                    String insert = "insert into shorter (%s) select %s from (select '%s'::text as t) as s"
                            .formatted(column, CanonicalSql.parse(ColumnType.parse(type), "s.t"), value);
                    database.execute(insert.formatted("101"));
                    assertThatThrownBy(() -> database.execute(insert.formatted("10111")))
                            .as(type)
                            .hasRootCauseInstanceOf(SQLException.class);
                });
        assertThat(database.queryForLong("select count(*) from shorter")).isEqualTo(10);
    }

    @Test
    void serverSpellsOtherTypesAsItSendsThem(@Source Database database) throws SQLException {
        database.execute(
                "create domain flag as boolean",
                "create domain padded as char(4)",
                "create domain host as inet",
                "create type pair as (a int, b text)",
                "create type mood as enum ('it''s')");
        Map<String, String> values = Map.of(
                "inet", "'10.1.2.3'",
                "cidr", "'10.1.0.0/16'",
                "public.flag", "'true'",
                "public.padded", "'ab'",
                "public.host", "'10.1.2.3'",
                "public.pair", "row(null, null)",
                "public.mood", "'it''s'");
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (Map.Entry<String, String> value : values.entrySet()) {
                ColumnType type = ColumnType.parse(value.getKey());
                String sql = "select v, %s, %s from (select %s::%s as v, null::%4$s as n) as s"
                        .formatted(
                                CanonicalSql.text(type, "v"),
                                CanonicalSql.text(type, "n"),
                                value.getValue(),
                                type.sql());
                try (ResultSet row = statement.executeQuery(sql)) {
                    row.next();
                    assertThat(row.getString(2))
                            .as(type.sql())
                            .isEqualTo(row.getString(1))
                            .isNotNull();
                    assertThat(row.getString(3)).as("NULL of " + type.sql()).isNull();
                }
            }
        }
    }

    @Test
    void serverReadsWhatFitsADomainOrAnEnumAsItIsWritten(@Source Database database) {
        database.execute("""
                create domain doc as json;
                create domain label as varchar(40);
                create type mood as enum ('so so', 'NULL', '"{quoted, \\}"')
                """);
        Map.of(
                        "public.doc",
                        List.of("{\"a\":  \"b,\\\\\"}"),
                        "public.label",
                        List.of("", " ", "NULL", "{a,\"b\"}", "back\\slash", "it''s", "line\nbreak"),
                        "public.mood",
                        List.of("so so", "NULL", "\"{quoted, \\}\""),
                        "inet",
                        List.of("10.0.0.0/8"))
                .forEach((type, values) -> values.forEach(value -> assertThat(database.queryForLong(
                                "select count(*) from (select '%s'::text as t) as s where %s::text = s.t"
                                        .formatted(value, CanonicalSql.parse(ColumnType.parse(type), "s.t"))))
                        .as("%s as %s", value, type)
                        .isEqualTo(1)));
        assertThat(database.queryForLong("select count(*) from (select null::text as t) as s where %s is null"
                        .formatted(CanonicalSql.parse(ColumnType.parse("public.label"), "s.t"))))
                .isEqualTo(1);
    }

    @Test
    void javaSpellsKeysAsFrozen() {
        for (GoldenVectors.Key key : GoldenVectors.keys()) {
            assertThat(CanonicalKey.json(key.types(), key.values())).isEqualTo(key.json());
        }
    }

    @Test
    void serverSpellsKeysAsFrozen(@Source Database database) throws SQLException {
        try (Connection connection = database.connect()) {
            for (GoldenVectors.Key key : GoldenVectors.keys()) {
                Map<String, String> expressions = new LinkedHashMap<>();
                List<String> columns = new ArrayList<>();
                List<String> parameters = new ArrayList<>();
                key.types().forEach((name, type) -> {
                    String column = "c" + columns.size();
                    expressions.put(name, "s." + column);
                    columns.add("?::text::%s as %s".formatted(type.sql(), column));
                    parameters.add(key.values().getOrDefault(name, ""));
                });
                String sql = "select %s from (select %s) as s"
                        .formatted(CanonicalSql.keyJson(key.types(), expressions), String.join(", ", columns));
                assertThat(SqlRow.query(connection, sql, parameters.toArray(String[]::new)))
                        .containsExactly(key.json());
            }
        }
    }

    @Test
    void javaDerivesIdentitiesAsFrozen() {
        for (GoldenVectors.Derived derived : GoldenVectors.derivedKeys()) {
            assertThat(DerivedKey.of(derived.table(), derived.key(), derived.model()))
                    .hasToString(derived.uuid());
        }
    }

    @Test
    void serverDerivesIdentitiesAsFrozen(@Source Database database) throws SQLException {
        try (Connection connection = database.connect()) {
            for (GoldenVectors.Derived derived : GoldenVectors.derivedKeys()) {
                String sql = "select %s from (select ?::text as k) as s"
                        .formatted(CanonicalSql.derivedKey(derived.table(), "s.k", derived.model()));
                assertThat(SqlRow.query(connection, sql, derived.key())).containsExactly(derived.uuid());
            }
        }
    }

    @Test
    void hashesTheExampleOfTheProtocolToItsWellKnownIdentity() {
        assertThat(DerivedKey.ofText("entity|{\"id\":42}|Entity"))
                .hasToString("57932df6-5fd9-77a3-9697-476d3c3f62b0")
                .satisfies(uuid -> assertThat(uuid.version()).isEqualTo(7))
                .satisfies(uuid -> assertThat(uuid.variant()).isEqualTo(2));
    }

    @Test
    void aNullPartMakesTheWholeIdentityNull(@Source Database database) throws SQLException {
        GoldenVectors.Key key = GoldenVectors.keys().getFirst();
        GoldenVectors.Derived derived = GoldenVectors.derivedKeys().getFirst();
        Map<String, String> expressions = new LinkedHashMap<>();
        key.types().forEach((name, type) -> expressions.put(name, "null::" + type.sql()));

        String json = CanonicalSql.keyJson(key.types(), expressions);
        String sql = "select %s, %s".formatted(json, CanonicalSql.derivedKey(derived.table(), json, derived.model()));

        try (Connection connection = database.connect()) {
            assertThat(SqlRow.query(connection, sql)).containsOnlyNulls();
        }
    }
}
