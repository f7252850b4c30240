package io.shadowwrite.verification.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@PostgresTest
class PagesTest {

    private static final String ROWS = " select g, repeat('x', 500) from generate_series(1, 40000) g";

    private final Database source;

    PagesTest(@Source Database source) {
        this.source = source;
    }

    @Test
    void splitsATableIntoPartsThatLeaveNoRowOut() throws SQLException {
        source.execute("create table public.t (id int, c text)", "insert into public.t" + ROWS);

        assertThat(rowsOfParts("public.t", 4)).hasSize(4).doesNotContain(0L);
        assertThat(sum(rowsOfParts("public.t", 4))).isEqualTo(40_000);
        assertThat(rowsOfParts("public.t", 1)).containsExactly(40_000L);
    }

    @Test
    void splitsAPartitionedTableByThePagesOfItsLargestLeaf() throws SQLException {
        source.execute(
                "create table public.p (id int, c text) partition by range (id)",
                "create table public.p1 partition of public.p for values from (1) to (30000)",
                "create table public.p2 partition of public.p for values from (30000) to (50000)",
                "create table public.p3 partition of public.p for values from (50000) to (60000)",
                "insert into public.p" + ROWS);

        assertThat(rowsOfParts("public.p", 3)).hasSize(3).doesNotContain(0L);
        assertThat(sum(rowsOfParts("public.p", 3))).isEqualTo(40_000);
    }

    @Test
    void takesWhatHasNoPagesAsAWhole() throws SQLException {
        source.execute(
                "create table public.t (id int, c text)",
                "insert into public.t" + ROWS,
                "create view public.v as select * from public.t",
                "create table public.parent (id int, c text)",
                "create table public.heir () inherits (public.parent)",
                "insert into public.heir" + ROWS,
                "create table public.small (id int, c text)");

        assertThat(rowsOfParts("public.v", 4)).containsExactly(40_000L);
        assertThat(rowsOfParts("public.parent", 4)).containsExactly(40_000L);
        assertThat(rowsOfParts("public.small", 4)).containsExactly(0L);
    }

    private static long sum(List<Long> rows) {
        return rows.stream().mapToLong(Long::longValue).sum();
    }

    private List<Long> rowsOfParts(String relation, int most) throws SQLException {
        try (Connection connection = source.connect()) {
            List<Pages> parts = Pages.of(connection, relation, most);
            assertThat(parts.getLast().below()).isEqualTo(Pages.NO_END);
            List<Long> rows = new ArrayList<>();
            for (Pages part : parts) {
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery(
                                "select count(*) " + part.from("from " + relation + " as s where true"))) {
                    row.next();
                    rows.add(row.getLong(1));
                }
            }
            return rows;
        }
    }
}
