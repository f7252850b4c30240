package io.shadowwrite.replication.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.replication.ColumnValue;
import io.shadowwrite.replication.LogicalMessage;
import io.shadowwrite.replication.Row;
import io.shadowwrite.replication.RowChange;
import io.shadowwrite.replication.SourceTransaction;
import io.shadowwrite.replication.TableName;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@PostgresTest
@Timeout(60)
class ChangeStreamMessagesTest {

    private static final String SCHEMA = """
            CREATE SCHEMA app;
            CREATE TABLE app.item (id bigint PRIMARY KEY, v text, big text);
            ALTER TABLE app.item ALTER big SET STORAGE EXTERNAL;
            CREATE TABLE app.whole (id int, v text, big text);
            ALTER TABLE app.whole ALTER big SET STORAGE EXTERNAL;
            ALTER TABLE app.whole REPLICA IDENTITY FULL;
            CREATE TABLE app.coded (id int PRIMARY KEY, code text NOT NULL);
            CREATE UNIQUE INDEX coded_code ON app.coded (code);
            ALTER TABLE app.coded REPLICA IDENTITY USING INDEX coded_code;
            CREATE TABLE app.parent (id int PRIMARY KEY);
            CREATE TABLE app.child (id int PRIMARY KEY, parent int REFERENCES app.parent);
            CREATE TABLE app.part (id int, region text, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
            CREATE TABLE app.part_a PARTITION OF app.part FOR VALUES IN ('a');
            CREATE TABLE app.part_b PARTITION OF app.part FOR VALUES IN ('b');
            CREATE TYPE app."Kind x" AS ENUM ('bad', 'good');
            """;

    private final Database source;
    private final OwnSlot slot;
    private final ChangeStream stream;

    ChangeStreamMessagesTest(@Source Database source) {
        this.source = source;
        source.runScript(SCHEMA);
        this.slot = new OwnSlot(source);
        this.stream = slot.open();
    }

    @BeforeEach
    void nothingIsInFlight() {
        assertThat(stream.inFlightChanges()).isZero();
    }

    @AfterEach
    void close() {
        slot.close();
    }

    private static TableName app(String name) {
        return new TableName("app", name);
    }

    private static ColumnValue text(String text) {
        return new ColumnValue.Text(text);
    }

    private static Row row(String... namesAndValues) {
        Map<String, ColumnValue> columns = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            columns.put(namesAndValues[i], text(namesAndValues[i + 1]));
        }
        return new Row(columns);
    }

    @Test
    void insertCarriesTheWholeRowInOrder() throws InterruptedException {
        source.execute("INSERT INTO app.item VALUES (9223372036854775807, 'ä \"q\" \\ \n', NULL)");

        RowChange.Insert insert = (RowChange.Insert) OwnSlot.change(stream);

        assertThat(insert.changeIndex()).isZero();
        assertThat(insert.table()).isEqualTo(app("item"));
        assertThat(insert.leaf()).isEqualTo(app("item"));
        assertThat(insert.after().columns())
                .containsExactly(
                        Map.entry("id", text("9223372036854775807")),
                        Map.entry("v", text("ä \"q\" \\ \n")),
                        Map.entry("big", ColumnValue.NULL));
    }

    @Test
    void transactionKnowsItsFullXidItsCommitAndItsTimeToTheMicrosecond() throws InterruptedException {
        long before = source.queryForLong("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
        Instant earliest = Instant.now().truncatedTo(ChronoUnit.MICROS);
        source.execute("INSERT INTO app.item VALUES (1)");

        SourceTransaction transaction = OwnSlot.transaction(stream);

        assertThat(transaction.xid()).isGreaterThanOrEqualTo(before);
        assertThat(source.queryForString("SELECT pg_xact_status(?::text::xid8)", Long.toString(transaction.xid())))
                .isEqualTo("committed");
        assertThat(transaction.commitLsn()).isLessThan(transaction.endLsn());
        assertThat(transaction.committedAt())
                .isBetween(earliest.minusSeconds(5), Instant.now().plusSeconds(5));
        assertThat(transaction.bytes()).isPositive();
    }

    @Test
    void valuesKeepTheirExactText() throws InterruptedException {
        source.runScript("""
                CREATE DOMAIN app.five AS int;
                CREATE TABLE app.typed (
                  id int PRIMARY KEY, n numeric, scaled numeric(10,2), f8 float8, f4 float4, minus float8, b bytea,
                  flag boolean, j json, jb jsonb, arr text[], at timestamptz, plain timestamp, d date, span interval,
                  kind app."Kind x", dom app.five, padded char(5), oid_ref regclass);
                INSERT INTO app.typed VALUES (
                  1, 12345678901234567890.123456789012345678900, 1.50, 1e20, 0.1, '-0', '\\xdeadbeef00',
                  true, '{"b":2, "a":1}', '{"n": 1.50}', ARRAY['x,y', NULL, 'é'], '2026-01-01 21:34:05.123456+00',
                  '-infinity', '2026-02-03', '1 year 2 mons 3 days 04:05:06', 'bad', 5, 'ab', 'app.item');
                """.replace("\\\\x", "\\x"));

        Row after = ((RowChange.Insert) OwnSlot.change(stream)).after();

        assertThat(after)
                .isEqualTo(row(
                        "id", "1",
                        "n", "12345678901234567890.123456789012345678900",
                        "scaled", "1.50",
                        "f8", "1e+20",
                        "f4", "0.1",
                        "minus", "-0",
                        "b", "deadbeef00",
                        "flag", "true",
                        "j", "{\"b\":2, \"a\":1}",
                        "jb", "{\"n\": 1.50}",
                        "arr", "{\"x,y\",NULL,é}",
                        "at", "2026-01-01 21:34:05.123456+00",
                        "plain", "-infinity",
                        "d", "2026-02-03",
                        "span", "1 year 2 mons 3 days 04:05:06",
                        "kind", "bad",
                        "dom", "5",
                        "padded", "ab   ",
                        "oid_ref", "app.item"));
    }

    @Test
    void keyUpdateNamesTheOldKey() throws InterruptedException {
        source.execute("INSERT INTO app.item VALUES (1, 'a')", "UPDATE app.item SET id = 2");

        RowChange.Update update = (RowChange.Update)
                OwnSlot.transactions(stream, 2).getLast().changes().getFirst();

        assertThat(update.identity()).isEqualTo(row("id", "1"));
        assertThat(update.after().get("id")).isEqualTo(text("2"));
    }

    @Test
    void indexIdentityNamesTheIndexColumns() throws InterruptedException {
        source.execute("INSERT INTO app.coded VALUES (1, 'c')", "UPDATE app.coded SET id = 5", "DELETE FROM app.coded");

        List<SourceTransaction> transactions = OwnSlot.transactions(stream, 3);

        assertThat(((RowChange.Update) transactions.get(1).changes().getFirst()).identity())
                .isEqualTo(row("code", "c"));
        assertThat(((RowChange.Delete) transactions.get(2).changes().getFirst()).identity())
                .isEqualTo(row("code", "c"));
    }

    @Test
    void unchangedToastIsAbsentWhichIsNotNull() throws InterruptedException {
        source.execute(
                "INSERT INTO app.item VALUES (7, 'a', repeat('k', 5000))", "UPDATE app.item SET v = NULL WHERE id = 7");

        RowChange.Update update = (RowChange.Update)
                OwnSlot.transactions(stream, 2).getLast().changes().getFirst();

        assertThat(update.after().get("big")).isNull();
        assertThat(update.after().get("v")).isEqualTo(ColumnValue.NULL);
    }

    @Test
    void fullIdentityHoldsTheUnchangedToast() throws InterruptedException {
        source.execute("INSERT INTO app.whole VALUES (7, 'a', repeat('k', 5000))", "UPDATE app.whole SET v = 'z'");

        RowChange.Update update = (RowChange.Update)
                OwnSlot.transactions(stream, 2).getLast().changes().getFirst();

        assertThat(update.after()).isEqualTo(row("id", "7", "v", "z"));
        assertThat(update.identity()).isEqualTo(row("id", "7", "v", "a", "big", "k".repeat(5000)));
    }

    @Test
    void truncateCascadeYieldsOneChangeForEachTable() throws InterruptedException {
        source.execute("TRUNCATE app.parent CASCADE");

        assertThat(OwnSlot.transaction(stream).changes())
                .containsExactly(
                        new RowChange.Truncate(0, app("parent"), app("parent")),
                        new RowChange.Truncate(1, app("child"), app("child")));
    }

    @Test
    void copyNumbersEveryRow() throws InterruptedException {
        source.execute("COPY app.item (id) FROM PROGRAM 'seq 1 3'");

        List<RowChange> changes = OwnSlot.transaction(stream).changes();

        assertThat(changes).extracting(RowChange::changeIndex).containsExactly(0, 1, 2);
        assertThat(changes)
                .extracting(change -> ((RowChange.Insert) change).after().get("id"))
                .containsExactly(text("1"), text("2"), text("3"));
    }

    @Test
    void partitionMoveIsADeleteAndAnInsertUnderTheRoot() throws InterruptedException {
        source.execute("INSERT INTO app.part VALUES (1, 'a')", "UPDATE app.part SET region = 'b'");

        List<RowChange> changes = OwnSlot.transactions(stream, 2).getLast().changes();

        assertThat(changes)
                .containsExactly(
                        new RowChange.Delete(0, app("part"), app("part_a"), row("id", "1", "region", "a")),
                        new RowChange.Insert(1, app("part"), app("part_b"), row("id", "1", "region", "b")));
    }

    @Test
    void partitionCreatedLaterIsFoundAndADroppedOneStandsForItself() throws InterruptedException {
        source.execute(
                "CREATE TABLE app.part_c PARTITION OF app.part FOR VALUES IN ('c')",
                "INSERT INTO app.part VALUES (1, 'c')");
        assertThat(OwnSlot.change(stream).table()).isEqualTo(app("part"));
        stream.close();

        source.execute(
                "CREATE TABLE app.part_d PARTITION OF app.part FOR VALUES IN ('d')",
                "INSERT INTO app.part VALUES (1, 'd')",
                "DROP TABLE app.part_d");
        ChangeStream later = slot.open();

        List<SourceTransaction> all = OwnSlot.transactions(later, 2);
        assertThat(all.getFirst().changes().getFirst().table()).isEqualTo(app("part"));
        assertThat(all.getLast().changes().getFirst().table()).isEqualTo(app("part_d"));
    }

    @Test
    void truncateOfAPartitionedTableNamesEveryLeaf() throws InterruptedException {
        source.execute("TRUNCATE app.part");

        List<RowChange> changes = OwnSlot.transaction(stream).changes();

        assertThat(changes).extracting(RowChange::table).containsOnly(app("part"));
        assertThat(changes).extracting(RowChange::leaf).contains(app("part"), app("part_a"), app("part_b"));
    }

    @Test
    void savepointsThatRolledBackAndAbortedTransactionsNeverAppear() throws SQLException, InterruptedException {
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO app.item VALUES (1)");
            connection.rollback();
            statement.execute("INSERT INTO app.item VALUES (2)");
            statement.execute("SAVEPOINT s");
            statement.execute("INSERT INTO app.item VALUES (3)");
            statement.execute("ROLLBACK TO s");
            statement.execute("INSERT INTO app.item VALUES (4)");
            connection.commit();
        }

        assertThat(OwnSlot.transaction(stream).changes())
                .extracting(change -> ((RowChange.Insert) change).after().get("id"))
                .containsExactly(text("2"), text("4"));
    }

    /** The second begins later, writes once and commits first; the first writes before and after. */
    private void interleave() throws SQLException {
        try (Connection first = source.connect();
                Connection second = source.connect();
                Statement one = first.createStatement();
                Statement two = second.createStatement()) {
            first.setAutoCommit(false);
            second.setAutoCommit(false);
            one.execute("INSERT INTO app.item VALUES (1)");
            two.execute("INSERT INTO app.item VALUES (10)");
            second.commit();
            one.execute("INSERT INTO app.item VALUES (2)");
            first.commit();
        }
    }

    @Test
    void interleavedTransactionsComeWholeInCommitOrder() throws SQLException, InterruptedException {
        interleave();

        List<SourceTransaction> transactions = OwnSlot.transactions(stream, 2);

        assertThat(transactions).extracting(each -> each.changes().size()).containsExactly(1, 2);
        assertThat(transactions.getFirst().endLsn())
                .isLessThanOrEqualTo(transactions.getLast().commitLsn());
        assertThat(transactions.getFirst().xid())
                .isGreaterThan(transactions.getLast().xid());
    }

    @Test
    void interleavedTransactionsResumeBetweenThem() throws SQLException, InterruptedException {
        interleave();
        OwnSlot.transactions(stream, 2);
        stream.close();
        ChangeStream again = slot.open();
        SourceTransaction first = OwnSlot.transactions(again, 2).getFirst();
        again.close();

        ChangeStream between = slot.open(first.endLsn());

        assertThat(OwnSlot.transaction(between).changes()).hasSize(2);
    }

    @Test
    void everyChangeOfOneKeyInOneTransactionAppears() throws InterruptedException {
        source.runScript("""
                BEGIN;
                INSERT INTO app.item VALUES (1, 'a');
                UPDATE app.item SET v = 'b';
                DELETE FROM app.item;
                INSERT INTO app.item VALUES (1, 'c') ON CONFLICT (id) DO UPDATE SET v = 'd';
                INSERT INTO app.item VALUES (1, 'c') ON CONFLICT (id) DO UPDATE SET v = 'd';
                COMMIT;
                """);

        List<String> kinds = new ArrayList<>();
        OwnSlot.transaction(stream)
                .changes()
                .forEach(change -> kinds.add(change.getClass().getSimpleName()));

        assertThat(kinds).containsExactly("Insert", "Update", "Delete", "Insert", "Update");
    }

    @Test
    void messagesOfOursComeWithTheirTransactionAndAreNoChanges() throws InterruptedException {
        source.runScript("""
                BEGIN;
                SELECT pg_logical_emit_message(true, 'other', 'not ours');
                SELECT pg_logical_emit_message(true, 'shadow.marker', '{"n":1}');
                INSERT INTO app.item VALUES (1);
                COMMIT;
                SELECT pg_logical_emit_message(false, 'shadow.marker', 'outside any transaction');
                """);
        source.execute("SELECT pg_logical_emit_message(true, 'shadow.heartbeat', 'x')");

        List<SourceTransaction> transactions = OwnSlot.transactions(stream, 2);

        assertThat(transactions.getFirst().messages())
                .containsExactly(new LogicalMessage(LogicalMessage.MARKER, "{\"n\":1}"));
        assertThat(transactions.getFirst().changes())
                .extracting(RowChange::changeIndex)
                .containsExactly(0);
        assertThat(transactions.getLast().messages())
                .containsExactly(new LogicalMessage(LogicalMessage.HEARTBEAT, "x"));
        assertThat(transactions.getLast().changes()).isEmpty();
    }
}
