package io.shadowwrite.backfill.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.protocol.LoadState;
import io.shadowwrite.replication.ColumnValue;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** How tables are cut, and that the parts are the table. */
@PostgresTest
@Timeout(60)
class PartsTest {

    private final Database database;
    private final Contract contract;

    PartsTest(@Source Database database) throws URISyntaxException {
        this.database = database;
        this.contract = new ContractReader()
                .read(Path.of(Objects.requireNonNull(PartsTest.class.getResource("/contract.json"))
                        .toURI()));
        database.execute("""
                CREATE SCHEMA app;
                CREATE TABLE app.item (id bigint PRIMARY KEY, name text);
                CREATE TABLE app.reading (id bigint PRIMARY KEY, item_id bigint, value numeric) PARTITION BY RANGE (id);
                CREATE TABLE app.reading_few PARTITION OF app.reading FOR VALUES FROM (0) TO (100);
                CREATE TABLE app.reading_many PARTITION OF app.reading FOR VALUES FROM (100) TO (100000);
                INSERT INTO app.item SELECT n, repeat('x', 200) FROM generate_series(1, 2000) n;
                INSERT INTO app.reading SELECT n, n, 1.5 FROM generate_series(1, 5000) n;
                DELETE FROM app.item WHERE id BETWEEN 500 AND 700;
                ANALYZE
                """);
    }

    private static LoadState target(List<List<String>> passes, String... whole) {
        return new LoadState(null, 0, 0, 0, List.of(), passes, List.of(whole), 0);
    }

    private Parts cut(LoadState target, int pages) throws SQLException {
        try (Connection connection = database.connect()) {
            return Parts.of(contract, target, connection, pages);
        }
    }

    private List<String> rows(List<Part> parts) throws SQLException {
        List<String> ids = new ArrayList<>();
        try (Connection connection = database.connect()) {
            for (Part part : parts) {
                CopyOut copy =
                        connection.unwrap(PGConnection.class).getCopyAPI().copyOut(part.copy());
                for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
                    List<String> columns = List.copyOf(part.table().columns().keySet());
                    List<ColumnValue> values = CopiedRow.parse(row, columns.size());
                    ids.add(part.table().name() + " " + text(values.get(columns.indexOf("id"))));
                }
            }
        }
        return ids;
    }

    private static String text(ColumnValue value) {
        return value instanceof ColumnValue.Text(String text) ? text : "none";
    }

    private static String name(Part part) {
        return part.table().name().toString();
    }

    @Test
    void cutsEveryTableIntoPartsThatTogetherAreTheTable() throws SQLException {
        Parts parts = cut(target(List.of(List.of("Item", "Reading"))), 4);

        assertThat(parts.passes()).hasSize(1);
        List<Part> all = parts.passes().getFirst();
        assertThat(all.stream().filter(part -> name(part).equals("app.item"))).hasSizeGreaterThan(5);
        assertThat(all.stream().filter(part -> name(part).equals("app.reading")))
                .hasSizeGreaterThan(2);
        assertThat(rows(all)).hasSize(1_799 + 5_000).doesNotHaveDuplicates();
        assertThat(parts.rows()).isEqualTo(1_799 + 5_000);
    }

    @Test
    void readsRowsBehindThePagesThatItSaw() throws SQLException {
        List<Part> parts =
                cut(target(List.of(List.of("Item", "Reading"))), 4).passes().getFirst();
        database.execute("INSERT INTO app.item SELECT n, repeat('x', 200) FROM generate_series(5001, 6000) n");

        assertThat(rows(parts)).hasSize(1_799 + 1_000 + 5_000).doesNotHaveDuplicates();
    }

    @Test
    void keepsTheOrderOfPassesAndTablesWholeThatReferToThemselves() throws SQLException {
        Parts parts = cut(target(List.of(List.of("Item"), List.of("Reading")), "Item"), 4);

        assertThat(parts.passes()).hasSize(2);
        assertThat(parts.passes().getFirst()).singleElement().satisfies(part -> {
            assertThat(name(part)).isEqualTo("app.item");
            assertThat(part.belowPage()).isNull();
            assertThat(part.isWholeRow()).isTrue();
        });
        assertThat(parts.passes().getLast()).allMatch(part -> name(part).equals("app.reading"));
    }

    @Test
    void readsAnEmptyTableAsOnePart() throws SQLException {
        database.execute("TRUNCATE app.item");

        List<Part> parts = cut(target(List.of(List.of("Item"))), 1).passes().getFirst();

        assertThat(parts).hasSize(1);
        assertThat(rows(parts)).isEmpty();
    }
}
