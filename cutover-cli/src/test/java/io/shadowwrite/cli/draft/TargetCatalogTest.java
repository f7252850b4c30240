package io.shadowwrite.cli.draft;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.cli.draft.TargetTable.Column;
import io.shadowwrite.cli.draft.TargetTable.Validity;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@PostgresTest
class TargetCatalogTest {

    private static final String SCHEMA = """
            CREATE SCHEMA shop;
            CREATE SCHEMA shadow;
            CREATE TABLE shadow.ours (id int PRIMARY KEY);
            CREATE DOMAIN shop.stars AS int NOT NULL DEFAULT 3;
            CREATE TABLE shop.plain (
              id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, must text NOT NULL, may text,
              preset text NOT NULL DEFAULT 'x', stars shop.stars, doubled bigint GENERATED ALWAYS AS (id * 2) STORED, gone int
            );
            ALTER TABLE shop.plain DROP COLUMN gone;
            CREATE UNIQUE INDEX plain_must ON shop.plain (lower(must));
            CREATE UNIQUE INDEX plain_may ON shop.plain (may) INCLUDE (must);
            CREATE TABLE shop.day (no int, day date, PRIMARY KEY (no, day)) PARTITION BY RANGE (day);
            CREATE TABLE shop.day_2026 PARTITION OF shop.day FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
            CREATE TABLE shop.child (
              b date, a int, id bigint REFERENCES shop.plain (id) DEFERRABLE INITIALLY DEFERRED,
              FOREIGN KEY (a, b) REFERENCES shop.day (no, day)
            );
            CREATE TABLE shop.guarded (
              id uuid, "Since" timestamptz, "Ended" timestamptz, happened timestamptz, PRIMARY KEY (id, "Since")
            );
            CREATE UNIQUE INDEX ON shop.guarded (id) WHERE "Ended" IS NULL;
            CREATE TABLE shop.numbered (
              no bigint PRIMARY KEY, id uuid NOT NULL, effective_from timestamp(3), effective_until timestamp(3)
            );
            CREATE UNIQUE INDEX ON shop.numbered (id) WHERE effective_until IS NULL;
            CREATE TABLE shop.named (
              id uuid, valid_from timestamptz, valid_to timestamptz, seen_at timestamptz, PRIMARY KEY (id, valid_from)
            );
            CREATE TABLE shop.business (id uuid PRIMARY KEY, valid_from timestamptz NOT NULL, valid_to timestamptz);
            CREATE TABLE shop.closed (
              id uuid, valid_from timestamptz, valid_to timestamptz NOT NULL, PRIMARY KEY (id, valid_from)
            );
            """;

    @Test
    void describesColumnsKeysAndIndexes(@Target Database target) throws SQLException {
        Map<String, TargetTable> tables = read(target);

        TargetTable plain = requireNonNull(tables.get("plain"));
        assertThat(plain.columns())
                .containsExactly(
                        new Column("id", "bigint", true, true, false, true),
                        new Column("must", "text", true, false, false, false),
                        new Column("may", "text", false, false, false, false),
                        new Column("preset", "text", true, true, false, false),
                        new Column("stars", "shop.stars", true, true, false, false),
                        new Column("doubled", "bigint", false, false, true, false));
        assertThat(plain.primaryKey()).containsExactly("id");
        assertThat(plain.indexes())
                .extracting(TargetTable.Index::columns)
                .containsExactly(List.of("id"), List.of("may"));
        assertThat(plain.indexes()).allMatch(index -> index.isKey(Set.copyOf(index.columns())));
        assertThat(plain.columns().stream().filter(Column::mustBeSet).map(Column::name))
                .containsExactly("must");
    }

    @Test
    void describesForeignKeysAndTakesPartitionsForTheirRoot(@Target Database target) throws SQLException {
        Map<String, TargetTable> tables = read(target);

        assertThat(tables)
                .containsOnlyKeys("business", "child", "closed", "day", "guarded", "named", "numbered", "plain");
        assertThat(requireNonNull(tables.get("child")).foreignKeys())
                .containsExactly(
                        new ForeignKey(
                                "child_a_b_fkey",
                                List.of("a", "b"),
                                new QualifiedName("shop", "day"),
                                List.of("no", "day"),
                                false),
                        new ForeignKey(
                                "child_id_fkey",
                                List.of("id"),
                                new QualifiedName("shop", "plain"),
                                List.of("id"),
                                true));
    }

    @Test
    void tellsAHistoryByItsIndexesAndThenByItsNames(@Target Database target) throws SQLException {
        Map<String, @Nullable Validity> found = new LinkedHashMap<>();
        read(target).forEach((name, table) -> found.put(name, table.validity()));

        assertThat(found)
                .containsEntry("guarded", new Validity(List.of("id"), "Since", "Ended", true))
                .containsEntry("numbered", new Validity(List.of("id"), "effective_from", "effective_until", true))
                .containsEntry("named", new Validity(List.of("id"), "valid_from", "valid_to", false))
                .containsEntry("business", null)
                .containsEntry("closed", null)
                .containsEntry("plain", null);
    }

    private static Map<String, TargetTable> read(Database target) throws SQLException {
        target.runScript(SCHEMA);
        try (Connection connection = target.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path TO ''");
            Map<String, TargetTable> tables = new LinkedHashMap<>();
            new TargetCatalog(connection)
                    .tables()
                    .forEach(table -> tables.put(table.name().name(), table));
            return tables;
        }
    }
}
