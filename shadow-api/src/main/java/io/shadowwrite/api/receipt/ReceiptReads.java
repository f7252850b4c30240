package io.shadowwrite.api.receipt;

import io.shadowwrite.api.database.Codes;
import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ReceiptCell;
import io.shadowwrite.protocol.ReceiptDigest;
import io.shadowwrite.protocol.ReceiptGap;
import io.shadowwrite.protocol.ReceiptGaps;
import io.shadowwrite.protocol.ReceiptSum;
import io.shadowwrite.protocol.Side;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Reads {@code shadow.event_ledger} for comparisons, each answer from one snapshot. Thread-safe. */
final class ReceiptReads {

    /** Width of a window: a WAL segment, as it is attested. */
    private static final long WINDOW_BYTES = 16L << 20;

    private static final int MOST_NAMED = 100;

    private static final LogSequenceNumber LAST = LogSequenceNumber.valueOf(-1);

    private static final String FRONTIERS = """
            select c.position, v.position,
                   (select to_lsn from shadow.attestation order by from_lsn desc, to_lsn desc limit 1)
              from shadow.reader_position c
              join shadow.reader_position v on v.side = 2
             where c.side = 1
            """;

    private static final String CELLS = """
            select div(l.commit_lsn - '0/0'::pg_lsn, :width), t.name, l.operation,
                   count(*) filter (where l.side = 1),
                   coalesce(sum(l.digest0) filter (where l.side = 1), 0),
                   coalesce(sum(l.digest1) filter (where l.side = 1), 0),
                   count(*) filter (where l.side = 2),
                   coalesce(sum(l.digest0) filter (where l.side = 2), 0),
                   coalesce(sum(l.digest1) filter (where l.side = 2), 0)
              from shadow.event_ledger l
              join provenance.source_table t on t.id = l.source_table
             where l.commit_lsn >= :from::pg_lsn
               and l.commit_lsn < :to::pg_lsn
             group by 1, 2, 3
             order by 1, 2, 3
            """;

    private static final String DIFFERING = """
            with receipt as (
              select l.side, l.commit_lsn, l.change_index, l.digest0, l.digest1
                from shadow.event_ledger l
                join provenance.source_table t on t.id = l.source_table
               where t.name = :table
                 and l.operation = :operation
                 and l.commit_lsn >= :from::pg_lsn
                 and l.commit_lsn < :to::pg_lsn)
            select commit_lsn, change_index,
                   case when c.digest0 is null then 1 when v.digest0 is null then 2 end,
                   count(*) over ()
              from (select * from receipt where side = 1) c
              full join (select * from receipt where side = 2) v using (commit_lsn, change_index)
             where c.digest0 is distinct from v.digest0
                or c.digest1 is distinct from v.digest1
             order by commit_lsn, change_index
             limit :limit
            """;

    /** A transaction without a hole has as many receipts as its last ordinal says. */
    private static final String HOLES = """
            select commit_lsn, null::integer, side, count(*) over ()
              from shadow.event_ledger
             where commit_lsn >= :from::pg_lsn
               and commit_lsn < :to::pg_lsn
             group by commit_lsn, side
            having count(*) <> max(change_index) + 1
             order by commit_lsn, side
             limit :limit
            """;

    private final ReadDatabase database;

    ReceiptReads(ReadDatabase database) {
        this.database = database;
    }

    ReceiptDigest digest(LogSequenceNumber from, @Nullable LogSequenceNumber to) {
        LogSequenceNumber end = to == null ? LAST : to;
        return scanning(() -> {
            List<ReceiptCell> cells = database.jdbc()
                    .sql(CELLS)
                    .param("width", BigDecimal.valueOf(WINDOW_BYTES))
                    .param("from", from.asString())
                    .param("to", end.asString())
                    .query((row, _) -> cell(row, from, end))
                    .list();
            return database.jdbc()
                    .sql(FRONTIERS)
                    .query((row, _) -> new ReceiptDigest(
                            Objects.requireNonNull(lsn(row, 1)),
                            Objects.requireNonNull(lsn(row, 2)),
                            lsn(row, 3),
                            cells))
                    .optional()
                    .orElseThrow(Windows::notOpen);
        });
    }

    private static ReceiptCell cell(ResultSet row, LogSequenceNumber from, LogSequenceNumber to) throws SQLException {
        long begin = row.getBigDecimal(1).toBigInteger().longValue() * WINDOW_BYTES;
        LogSequenceNumber first = LogSequenceNumber.valueOf(begin);
        LogSequenceNumber end = LogSequenceNumber.valueOf(begin + WINDOW_BYTES);
        return new ReceiptCell(
                first.compareTo(from) < 0 ? from : first,
                end.compareTo(to) > 0 ? to : end,
                Objects.requireNonNull(row.getString(2)),
                Codes.operation(row.getInt(3)),
                sum(row, 4),
                sum(row, 7));
    }

    private static ReceiptSum sum(ResultSet row, int column) throws SQLException {
        return new ReceiptSum(
                row.getLong(column),
                row.getBigDecimal(column + 1).toPlainString(),
                row.getBigDecimal(column + 2).toPlainString());
    }

    ReceiptGaps differing(LogSequenceNumber from, LogSequenceNumber to, String table, Operation operation) {
        return scanning(() -> {
            Gaps gaps = new Gaps();
            database.jdbc()
                    .sql(DIFFERING)
                    .param("table", table)
                    .param("operation", Codes.of(operation))
                    .param("from", from.asString())
                    .param("to", to.asString())
                    .param("limit", MOST_NAMED)
                    .query(gaps::add);
            return gaps.all();
        });
    }

    ReceiptGaps holes(LogSequenceNumber from, LogSequenceNumber to) {
        return scanning(() -> {
            Gaps gaps = new Gaps();
            database.jdbc()
                    .sql(HOLES)
                    .param("from", from.asString())
                    .param("to", to.asString())
                    .param("limit", MOST_NAMED)
                    .query(gaps::add);
            return gaps.all();
        });
    }

    private <T> T scanning(Supplier<T> work) {
        return database.inSnapshot(database.limits().scanTimeout(), work);
    }

    private static @Nullable LogSequenceNumber lsn(ResultSet row, int column) throws SQLException {
        String text = row.getString(column);
        return text == null ? null : LogSequenceNumber.valueOf(text);
    }

    /** Rows of commit LSN, change index, side and total. */
    private static final class Gaps {

        private final List<ReceiptGap> named = new ArrayList<>();
        private long total;

        void add(ResultSet row) throws SQLException {
            int index = row.getInt(2);
            Integer changeIndex = row.wasNull() ? null : index;
            int side = row.getInt(3);
            Side lacking = row.wasNull() ? null : side == 1 ? Side.CONSUMER : Side.VERIFIER;
            named.add(new ReceiptGap(Objects.requireNonNull(lsn(row, 1)), changeIndex, lacking));
            total = row.getLong(4);
        }

        ReceiptGaps all() {
            return new ReceiptGaps(total, named);
        }
    }
}
