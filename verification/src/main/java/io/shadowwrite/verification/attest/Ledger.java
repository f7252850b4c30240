package io.shadowwrite.verification.attest;

import io.shadowwrite.verification.verdict.Finding;
import java.math.BigDecimal;
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

    private static final String ATTESTED_BELOW = """
            select max(to_lsn)::text
              from shadow.attestation
            """;

    private static final String CELLS = """
            select div(l.commit_lsn - '0/0'::pg_lsn, ?) as window_number,
                   l.source_table,
                   t.name,
                   l.operation,
                   count(*) filter (where l.side = 1),
                   coalesce(sum(l.digest0) filter (where l.side = 1), 0),
                   coalesce(sum(l.digest1) filter (where l.side = 1), 0),
                   count(*) filter (where l.side = 2),
                   coalesce(sum(l.digest0) filter (where l.side = 2), 0),
                   coalesce(sum(l.digest1) filter (where l.side = 2), 0)
              from shadow.event_ledger l
              join shadow.source_table t on t.id = l.source_table
             where l.commit_lsn >= ?::pg_lsn
               and l.commit_lsn < ?::pg_lsn
             group by 1, 2, 3, 4
             order by 1, 3, 4
            """;

    private static final String DISAGREEING_EVENTS = """
            with receipt as (
              select side, commit_lsn, change_index, digest0, digest1
                from shadow.event_ledger
               where source_table = ?
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
             where commit_lsn >= ?::pg_lsn
               and commit_lsn < ?::pg_lsn
             group by commit_lsn, side
            having count(*) <> max(change_index) + 1
             order by commit_lsn, side
             limit ?
            """;

    private final Connection connection;
    private final long windowBytes;

    Ledger(Connection connection, long windowBytes) {
        this.connection = connection;
        this.windowBytes = windowBytes;
    }

    @Override
    public @Nullable LogSequenceNumber attestedBelow() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(ATTESTED_BELOW)) {
            rows.next();
            String lsn = rows.getString(1);
            return lsn == null ? null : LogSequenceNumber.valueOf(lsn);
        }
    }

    @Override
    public List<ReceiptCell> cells(LogSequenceNumber from, LogSequenceNumber to) throws SQLException {
        List<ReceiptCell> cells = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(CELLS)) {
            statement.setBigDecimal(1, BigDecimal.valueOf(windowBytes));
            statement.setString(2, from.asString());
            statement.setString(3, to.asString());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    cells.add(cell(rows, from, to));
                }
            }
        }
        return cells;
    }

    private ReceiptCell cell(ResultSet rows, LogSequenceNumber from, LogSequenceNumber to) throws SQLException {
        long begin = Math.multiplyExact(rows.getLong(1), windowBytes);
        LogSequenceNumber first = LogSequenceNumber.valueOf(begin);
        LogSequenceNumber end = LogSequenceNumber.valueOf(begin + windowBytes);
        return new ReceiptCell(
                first.compareTo(from) < 0 ? from : first,
                end.compareTo(to) > 0 ? to : end,
                end.compareTo(to) <= 0,
                rows.getInt(2),
                rows.getString(3),
                rows.getInt(4),
                new ReceiptSums(rows.getLong(5), rows.getBigDecimal(6), rows.getBigDecimal(7)),
                new ReceiptSums(rows.getLong(8), rows.getBigDecimal(9), rows.getBigDecimal(10)));
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
