package io.shadowwrite.replication.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.replication.ColumnValue;
import io.shadowwrite.replication.LogicalMessage;
import io.shadowwrite.replication.Row;
import io.shadowwrite.replication.RowChange;
import io.shadowwrite.replication.SourceTransaction;
import io.shadowwrite.replication.TableName;
import io.shadowwrite.replication.source.SourceInspection;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the log leaves out, spells alike, or spells in its own way: facts that other parts are built around. */
@PostgresTest
@Timeout(60)
class ChangeStreamTrapsTest {

    private final Database source;
    private final OwnSlot slot;
    private final ChangeStream stream;

    ChangeStreamTrapsTest(@Source Database source) {
        this.source = source;
        source.runScript("""
                CREATE SCHEMA app;
                CREATE TABLE app.item (id int PRIMARY KEY, v text);
                """);
        this.slot = new OwnSlot(source);
        this.stream = slot.open();
    }

    @AfterEach
    void close() {
        slot.close();
    }

    private static Row row(String... namesAndValues) {
        Map<String, ColumnValue> columns = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String text = namesAndValues[i + 1];
            columns.put(namesAndValues[i], text.equals("NULL") ? ColumnValue.NULL : new ColumnValue.Text(text));
        }
        return new Row(columns);
    }

    private static Row after(RowChange change) {
        return switch (change) {
            case RowChange.Insert insert -> insert.after();
            case RowChange.Update update -> update.after();
            case RowChange.Delete _, RowChange.Truncate _ -> Row.EMPTY;
        };
    }

    @Test
    void nanAndInfinitiesOfNumbersArriveLikeNullAndThoseOfAllElseAsText() throws InterruptedException {
        source.execute("""
                CREATE DOMAIN app.price AS numeric;
                CREATE TABLE app.special (
                    id int PRIMARY KEY, f4 real, f8 double precision, n numeric, infinite numeric, absent real,
                    many numeric[], price app.price, at timestamptz, day date, span numrange)
                """, """
                INSERT INTO app.special VALUES (
                    1, 'NaN', '-Infinity', 'NaN', 'Infinity', NULL,
                    '{1.0,NaN}', 'NaN', 'infinity', '-infinity', '[1,infinity]')
                """);

        assertThat(after(OwnSlot.change(stream)))
                .isEqualTo(row(
                        "id", "1",
                        "f4", "NULL",
                        "f8", "NULL",
                        "n", "NULL",
                        "infinite", "NULL",
                        "absent", "NULL",
                        "many", "{1.0,NaN}",
                        "price", "NaN",
                        "at", "infinity",
                        "day", "-infinity",
                        "span", "[1,Infinity]"));
    }

    @Test
    void rangesCompositesAndTypesWithQuotedNamesKeepTheServersText() throws InterruptedException {
        source.runScript("""
                CREATE TYPE app."Pair x" AS (a text, b int);
                CREATE TABLE app."Odd.Name" (
                    id int PRIMARY KEY, r int4range, empty daterange, open tstzrange, m int4multirange,
                    pair app."Pair x", pairs app."Pair x"[], grid int[][], "q""c" text,
                    doubled int GENERATED ALWAYS AS (id * 2) STORED, net inet, bits bit(4), doc xml, v tsvector);
                INSERT INTO app."Odd.Name" VALUES (
                    4, '[1,5)', 'empty', '[2026-01-01 00:00:00+00,)', '{[1,3),[5,7)}',
                    ROW('a "b"', 3), ARRAY[ROW('x', 1)::app."Pair x"], '{{1,2},{3,4}}', 'plain',
                    DEFAULT, '10.0.0.1', B'0101', '<a/>', 'a b');
                """);

        RowChange change = OwnSlot.change(stream);

        assertThat(change.table()).isEqualTo(new TableName("app", "Odd.Name"));
        assertThat(after(change))
                .isEqualTo(row(
                        "id", "4",
                        "r", "[1,5)",
                        "empty", "empty",
                        "open", "[\"2026-01-01 00:00:00+00\",)",
                        "m", "{[1,3),[5,7)}",
                        "pair", "(\"a \"\"b\"\"\",3)",
                        "pairs", "{\"(x,1)\"}",
                        "grid", "{{1,2},{3,4}}",
                        "q\"c", "plain",
                        "doubled", "8",
                        "net", "10.0.0.1",
                        "bits", "0101",
                        "doc", "<a/>",
                        "v", "'a' 'b'"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE app.item REPLICA IDENTITY NOTHING",
                "ALTER TABLE app.item DROP CONSTRAINT item_pkey",
                "ALTER TABLE app.item DROP CONSTRAINT item_pkey, ADD PRIMARY KEY (id) DEFERRABLE",
                "CREATE UNIQUE INDEX other ON app.item (id); ALTER TABLE app.item REPLICA IDENTITY USING INDEX other;"
                        + " DROP INDEX app.other"
            })
    void changesOfATableWithoutAnIdentityVanishWithoutAWordAndTheInspectionSaysSo(String ddl)
            throws InterruptedException {
        source.execute(
                "INSERT INTO app.item VALUES (1, 'a')",
                ddl,
                "UPDATE app.item SET v = 'b'",
                "DELETE FROM app.item",
                "INSERT INTO app.item VALUES (2, 'last')");

        assertThat(OwnSlot.transactions(stream, 2))
                .extracting(each -> after(each.changes().getFirst()))
                .containsExactly(row("id", "1", "v", "a"), row("id", "2", "v", "last"));
        List<?> problems = OwnSlot.onSource(
                source, connection -> new SourceInspection(connection).tables(List.of(new TableName("app", "item"))));
        assertThat(problems).hasSize(1);
    }

    @Test
    void definitionsThatChangeInATransactionShowInTheRowsBehindThem() throws SQLException, InterruptedException {
        try (Connection writer = source.connect();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("INSERT INTO app.item VALUES (1, 'a')");
            statement.execute("ALTER TABLE app.item RENAME COLUMN v TO w");
            statement.execute("INSERT INTO app.item VALUES (2, 'b')");
            statement.execute("ALTER TABLE app.item ADD COLUMN added text DEFAULT 'x'");
            statement.execute("UPDATE app.item SET w = 'c' WHERE id = 1");
            statement.execute("ALTER TABLE app.item DROP COLUMN w");
            statement.execute("INSERT INTO app.item VALUES (3)");
            writer.commit();
        }

        assertThat(OwnSlot.transaction(stream).changes())
                .extracting(ChangeStreamTrapsTest::after)
                .containsExactly(
                        row("id", "1", "v", "a"),
                        row("id", "2", "w", "b"),
                        row("id", "1", "w", "c", "added", "x"),
                        row("id", "3", "added", "x"));
    }

    @Test
    void rowsThatATableBringsWithItNeverPass() throws InterruptedException {
        source.execute(
                "CREATE UNLOGGED TABLE app.quick (id int PRIMARY KEY)",
                "INSERT INTO app.quick VALUES (1)",
                "ALTER TABLE app.quick SET LOGGED",
                "ALTER TABLE app.item ALTER COLUMN id TYPE bigint",
                "INSERT INTO app.quick VALUES (2)");

        SourceTransaction only = OwnSlot.transaction(stream);

        assertThat(only.changes()).extracting(ChangeStreamTrapsTest::after).containsExactly(row("id", "2"));
    }

    @Test
    void mergeAndUpsertAreThePlainChangesTheyMake() throws InterruptedException {
        source.execute("INSERT INTO app.item VALUES (1, 'a')", """
                INSERT INTO app.item VALUES (1, 'b'), (2, 'b') ON CONFLICT (id) DO UPDATE SET v = excluded.v
                """, """
                MERGE INTO app.item USING (VALUES (2), (3)) AS n (id) ON item.id = n.id
                 WHEN MATCHED THEN DELETE
                 WHEN NOT MATCHED THEN INSERT VALUES (n.id, 'c')
                """);

        assertThat(OwnSlot.transactions(stream, 3))
                .flatExtracting(SourceTransaction::changes)
                .extracting(change -> change.getClass().getSimpleName())
                .containsExactly("Insert", "Update", "Insert", "Delete", "Insert");
    }

    @Test
    void aMessageIsCutAtItsFirstZeroAndOneOutsideATransactionIsNone() throws InterruptedException {
        source.execute(
                "SELECT pg_logical_emit_message(false, 'shadow.marker', '\\x41420043'::bytea)",
                "SELECT pg_logical_emit_message(true, 'shadow.marker', '\\x41420043'::bytea)");

        SourceTransaction transaction = OwnSlot.transaction(stream);

        assertThat(transaction.messages()).containsExactly(new LogicalMessage(LogicalMessage.MARKER, "AB"));
    }
}
