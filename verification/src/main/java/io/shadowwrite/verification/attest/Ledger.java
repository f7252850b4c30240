package io.shadowwrite.verification.attest;

import io.shadowwrite.verification.verdict.Finding;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** The receipts of both readers, read inside the pinned target snapshot. */
final class Ledger implements Receipts {

    private static final int MOST_EVENTS_NAMED = 100;

    /** Windows follow one another, so the one that begins last is the one that ends last; the key finds it. */
    private static final String ATTESTED_BELOW = """
            select to_lsn::text
              from shadow.attestation
             order by from_lsn desc, to_lsn desc
             limit 1
            """;

    private static final String READERS_BELOW = """
            select min(position)::text
              from shadow.reader_position
            having count(*) = 2
            """;

    /** Along the primary key of each side, whatever is known of the statistics of a young partition. */
    private static final String CELLS = """
            select c.source_table,
                   coalesce(t.name, '#' || c.source_table),
                   c.operation,
                   c.consumer_count,
                   coalesce(c.consumer0, 0),
                   coalesce(c.consumer1, 0),
                   c.reader_count,
                   coalesce(c.reader0, 0),
                   coalesce(c.reader1, 0)
              from (select source_table,
                           operation,
                           count(*) filter (where side = 1) as consumer_count,
                           sum(digest0) filter (where side = 1) as consumer0,
                           sum(digest1) filter (where side = 1) as consumer1,
                           count(*) filter (where side = 2) as reader_count,
                           sum(digest0) filter (where side = 2) as reader0,
                           sum(digest1) filter (where side = 2) as reader1
                      from shadow.event_ledger
                     where side in (1, 2)
                       and commit_lsn >= ?::pg_lsn
                       and commit_lsn < ?::pg_lsn
                     group by source_table, operation) c
              left join shadow.source_table t on t.id = c.source_table
             order by 2, 3
            """;

    private static final String DISAGREEING_EVENTS = """
            with receipt as (
              select side, commit_lsn, change_index, digest0, digest1
                from shadow.event_ledger
               where side in (1, 2)
                 and source_table = ?
                 and operation = ?
                 and commit_lsn >= ?::pg_lsn
                 and commit_lsn < ?::pg_lsn)
            select commit_lsn::text,
                   change_index,
                   c.digest0 is null,
                   v.digest0 is null,
                   count(*) over ()
              from (select * from receipt where side = 1) c
              full join (select * from receipt where side = 2) v using (commit_lsn, change_index)
             where c.digest0 is distinct from v.digest0
                or c.digest1 is distinct from v.digest1
             order by commit_lsn, change_index
             limit ?
            """;

    /** A transaction without a hole has as many receipts as its last ordinal says. */
    private static final String HOLES = """
            select commit_lsn::text,
                   side,
                   count(*) over ()
              from shadow.event_ledger
             where side in (1, 2)
               and commit_lsn >= ?::pg_lsn
               and commit_lsn < ?::pg_lsn
             group by commit_lsn, side
            having count(*) <> max(change_index) + 1
             order by commit_lsn, side
             limit ?
            """;

    private static final String BY_KEY = "select set_config('enable_seqscan', ?, true)";

    private final Connection connection;

    Ledger(Connection connection) {
        this.connection = connection;
    }

    /** Whether the planner may read whole partitions; a window is a small part of one. Ends with the transaction. */
    void readWhole(boolean allowed) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BY_KEY)) {
            statement.setString(1, allowed ? "on" : "off");
            statement.executeQuery().close();
        }
    }

    @Override
    public @Nullable LogSequenceNumber attestedBelow() throws SQLException {
        return lsn(ATTESTED_BELOW);
    }

    @Override
    public boolean atOnce() {
        return false;
    }

    @Override
    public @Nullable LogSequenceNumber readersBelow() throws SQLException {
        return lsn(READERS_BELOW);
    }

    private @Nullable LogSequenceNumber lsn(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            String lsn = rows.next() ? rows.getString(1) : null;
            return lsn == null ? null : LogSequenceNumber.valueOf(lsn);
        }
    }

    /** Of one window; none for a table and operation without receipts. */
    @Override
    public List<ReceiptCell> cells(LogSequenceNumber from, LogSequenceNumber to) throws SQLException {
        List<ReceiptCell> cells = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(CELLS)) {
            statement.setString(1, from.asString());
            statement.setString(2, to.asString());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    cells.add(new ReceiptCell(
                            from,
                            to,
                            rows.getInt(1),
                            rows.getString(2),
                            rows.getInt(3),
                            new ReceiptSums(rows.getLong(4), rows.getBigDecimal(5), rows.getBigDecimal(6)),
                            new ReceiptSums(rows.getLong(7), rows.getBigDecimal(8), rows.getBigDecimal(9))));
                }
            }
        }
        return cells;
    }

    @Override
    public Named disagreeing(ReceiptCell cell) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DISAGREEING_EVENTS)) {
            statement.setInt(1, cell.tableId());
            statement.setInt(2, cell.operationCode());
            statement.setString(3, cell.from().asString());
            statement.setString(4, cell.to().asString());
            statement.setInt(5, MOST_EVENTS_NAMED);
            try (ResultSet rows = statement.executeQuery()) {
                List<Finding> named = new ArrayList<>();
                long total = 0;
                while (rows.next()) {
                    String what = rows.getBoolean(3) ? "consumer" : rows.getBoolean(4) ? "slot_reader" : "digest";
                    String event = rows.getString(1) + ":" + rows.getInt(2);
                    named.add(finding(cell.table(), cell.operation() + " " + event, what));
                    total = rows.getLong(5);
                }
                return new Named(named, total);
            }
        }
    }

    @Override
    public Named holes(LogSequenceNumber from, LogSequenceNumber to) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HOLES)) {
            statement.setString(1, from.asString());
            statement.setString(2, to.asString());
            statement.setInt(3, MOST_EVENTS_NAMED);
            try (ResultSet rows = statement.executeQuery()) {
                List<Finding> named = new ArrayList<>();
                long total = 0;
                while (rows.next()) {
                    String side = rows.getInt(2) == 1 ? "consumer" : "slot_reader";
                    named.add(finding("", "transaction " + rows.getString(1), side));
                    total = rows.getLong(3);
                }
                return new Named(named, total);
            }
        }
    }

    private static Finding finding(String table, String event, String what) {
        return ReceiptCell.finding(table, event, what);
    }
}
