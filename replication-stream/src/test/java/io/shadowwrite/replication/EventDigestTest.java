package io.shadowwrite.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class EventDigestTest {

    private static final LogSequenceNumber COMMIT = LogSequenceNumber.valueOf(0x19B87B8L);
    private static final TableName TABLE = new TableName("app", "item");

    private static Row row(String... namesAndValues) {
        Map<String, ColumnValue> columns = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String value = namesAndValues[i + 1];
            columns.put(namesAndValues[i], value.equals("NULL") ? ColumnValue.NULL : new ColumnValue.Text(value));
        }
        return new Row(columns);
    }

    private static EventDigest digest(RowChange change) {
        return EventDigest.of(COMMIT, change);
    }

    @Test
    void staysTheSameForever() {
        EventDigest digest = digest(new RowChange.Update(3, TABLE, TABLE, row("id", "1", "v", "é"), row("id", "0")));

        // Stored in ledgers: a change of these numbers breaks every window that is open.
        assertThat(digest).isEqualTo(new EventDigest(3105003739576181765L, -7732206557517713338L));
    }

    @Test
    void doesNotDependOnTheOrderOfColumnsOrOnTheRoot() {
        TableName root = new TableName("app", "root");

        assertThat(digest(new RowChange.Insert(0, root, TABLE, row("b", "2", "a", "1"))))
                .isEqualTo(digest(new RowChange.Insert(0, TABLE, TABLE, row("a", "1", "b", "2"))));
    }

    @Test
    void differsInEveryPartOfAChange() {
        Row one = row("id", "1");
        Row two = row("id", "2");
        TableName other = new TableName("app", "other");
        List<EventDigest> digests = Stream.of(
                        new RowChange.Insert(0, TABLE, TABLE, one),
                        new RowChange.Insert(1, TABLE, TABLE, one),
                        new RowChange.Insert(0, other, other, one),
                        new RowChange.Insert(0, TABLE, TABLE, two),
                        new RowChange.Insert(0, TABLE, TABLE, row("id", "1", "v", "NULL")),
                        new RowChange.Insert(0, TABLE, TABLE, row("id", "1", "v", "")),
                        new RowChange.Insert(0, TABLE, TABLE, row("id", "1", "v", "NULL ")),
                        new RowChange.Insert(0, TABLE, TABLE, row("i", "d1")),
                        new RowChange.Update(0, TABLE, TABLE, one, Row.EMPTY),
                        new RowChange.Update(0, TABLE, TABLE, one, two),
                        new RowChange.Update(0, TABLE, TABLE, two, one),
                        new RowChange.Delete(0, TABLE, TABLE, one),
                        new RowChange.Delete(0, TABLE, TABLE, Row.EMPTY),
                        new RowChange.Truncate(0, TABLE, TABLE))
                .map(EventDigestTest::digest)
                .toList();

        assertThat(digests).doesNotHaveDuplicates();
        assertThat(digests)
                .doesNotContain(EventDigest.of(
                        LogSequenceNumber.valueOf(0x19B87B9L), new RowChange.Insert(0, TABLE, TABLE, one)));
    }

    @Test
    void valuesNeverShowInText() {
        RowChange change = new RowChange.Insert(0, TABLE, TABLE, row("id", "geheim"));

        assertThat(change.toString()).contains("id").doesNotContain("geheim");
        assertThat(new ColumnValue.Text("geheim").toString()).doesNotContain("geheim");
    }
}
