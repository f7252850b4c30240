package io.shadowwrite.api.receipt;

import io.shadowwrite.api.database.Codes;
import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.protocol.LsnText;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReceiptCell;
import io.shadowwrite.protocol.ReceiptDigest;
import io.shadowwrite.protocol.ReceiptGap;
import io.shadowwrite.protocol.ReceiptGaps;
import io.shadowwrite.protocol.ReceiptSum;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Side;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Reads {@code shadow.event_ledger} for comparisons, each answer from one snapshot. Thread-safe. */
final class ReceiptReads {

    /** Width of a window: a WAL segment, as it is attested. */
    private static final long WINDOW_BYTES = 16L << 20;

    private static final int MOST_NAMED = 100;

    /** Of one answer, which lies in memory as a whole, here and with whoever asked. */
    static final int MOST_CELLS = 20_000;

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
             limit :limit
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
    private final int mostCells;

    /** @param mostCells of one answer */
    ReceiptReads(ReadDatabase database, int mostCells) {
        this.database = database;
        this.mostCells = mostCells;
    }

    /**
     * All sums of a range.
     *
     * @param reader whose receipts have to be complete; null for both
     * @throws ShadowProblem POSITION_BEHIND, WINDOW_NOT_OPEN, or MALFORMED_REQUEST when they are too many for one answer
     */
    ReceiptDigest digest(LogSequenceNumber from, LogSequenceNumber to, @Nullable Side reader) {
        return scanning(to, reader, frontiers -> {
            List<ReceiptCell> cells = database.jdbc()
                    .sql(CELLS)
                    .param("width", BigDecimal.valueOf(WINDOW_BYTES))
                    .param("from", from.asString())
                    .param("to", to.asString())
                    .param("limit", mostCells + 1)
                    .query((row, _) -> cell(row, from, to))
                    .list();
            if (cells.size() > mostCells) {
                throw new ShadowProblem(
                        ProblemType.MALFORMED_REQUEST,
                        "the range has more than %d sums; ask for less of it".formatted(mostCells));
            }
            return new ReceiptDigest(frontiers.consumer(), frontiers.verifier(), frontiers.attestedBelow(), cells);
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
        return scanning(to, null, _ -> {
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
        return scanning(to, null, _ -> {
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

    /** A range whose receipts are still coming adds up to what it is not, so none is read before its end is reached. */
    private <T> T scanning(LogSequenceNumber to, @Nullable Side reader, Function<Frontiers, T> work) {
        return database.inSnapshot(database.limits().scanTimeout(), () -> {
            Frontiers frontiers = database.jdbc()
                    .sql(FRONTIERS)
                    .query((row, _) -> new Frontiers(
                            Objects.requireNonNull(lsn(row, 1)), Objects.requireNonNull(lsn(row, 2)), lsn(row, 3)))
                    .optional()
                    .orElseThrow(Windows::notOpen);
            frontiers.require(to, reader);
            return work.apply(frontiers);
        });
    }

    /** Where both readers and their attestation are. */
    private record Frontiers(
            LogSequenceNumber consumer,
            LogSequenceNumber verifier,
            @Nullable LogSequenceNumber attestedBelow) {

        void require(LogSequenceNumber to, @Nullable Side reader) {
            if (reader != Side.VERIFIER) {
                require(Side.CONSUMER, consumer, to);
            }
            if (reader != Side.CONSUMER) {
                require(Side.VERIFIER, verifier, to);
            }
        }

        private static void require(Side side, LogSequenceNumber position, LogSequenceNumber to) {
            if (position.compareTo(to) < 0) {
                throw new ShadowProblem(
                        ProblemType.POSITION_BEHIND,
                        "the reader of side %s is at %s and not yet at to_lsn %s; ask again later"
                                .formatted(side, LsnText.of(position), LsnText.of(to)),
                        Map.of("position", LsnText.of(position)),
                        null);
            }
        }
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
