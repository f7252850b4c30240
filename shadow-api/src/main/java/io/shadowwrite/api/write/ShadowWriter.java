package io.shadowwrite.api.write;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.ledger.LedgerPartitions;
import io.shadowwrite.api.problem.SqlProblem;
import io.shadowwrite.api.window.OpenWindow;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.api.write.BatchApplier.Order;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.protocol.WriteResult;
import java.util.List;
import org.postgresql.replication.LogSequenceNumber;
import org.springframework.dao.DataAccessException;

/**
 * The one writer of target rows. A batch is one target transaction, opened here and nowhere else; one that the target
 * refuses is cut until only what is really refused is left. Thread-safe.
 */
public final class ShadowWriter {

    /**
     * Every statement of a batch looks up single keys, and its plan may have been made when the table was empty: then a
     * plan that reads all of it looks as cheap, and would stay. So looking at a row is declared expensive. Large batches
     * are planned anew, which costs little beside them; small ones are not, which would double their time.
     */
    private static final String LOOK_UP_BY_KEY = """
            select set_config('enable_seqscan', 'off', true),
                   set_config('enable_hashjoin', 'off', true),
                   set_config('enable_mergejoin', 'off', true),
                   set_config('cpu_tuple_cost', '1', true),
                   set_config('cpu_index_tuple_cost', '1', true),
                   set_config('plan_cache_mode', ?, true)
            """;

    private static final int LARGE_BATCH_TRANSACTIONS = 50;

    private static final String MOVE = "update shadow.reader_position set position = ?::pg_lsn where side = 1";

    private final ShadowDatabase database;
    private final Windows windows;
    private final Dictionary dictionary;
    private final LedgerPartitions partitions;
    private final TargetTables tables;
    private final BatchApplier applier;

    /** Frozen with the window, so read once; 0 until then. */
    private volatile long partitionBytes;

    ShadowWriter(
            ShadowDatabase database,
            Windows windows,
            Dictionary dictionary,
            LedgerPartitions partitions,
            TargetTables tables,
            BatchApplier applier) {
        this.database = database;
        this.windows = windows;
        this.dictionary = dictionary;
        this.partitions = partitions;
        this.tables = tables;
        this.applier = applier;
    }

    /**
     * Applies what is new of the batch and not beyond a hold.
     *
     * @throws ShadowProblem for the first transaction that cannot be applied; those before it are, and the position says so
     */
    WriteResult write(WriteBatch batch) {
        Admission.checkOrder(batch);
        prepare(batch);
        return apply(batch);
    }

    private WriteResult apply(WriteBatch batch) {
        try {
            return database.inTransaction(() -> writeInTransaction(batch, Order.SETS));
        } catch (DataAccessException e) {
            SqlProblem sql = SqlProblem.of(e);
            if (sql == null || !sql.refusesData()) {
                throw e;
            }
        } catch (ShadowProblem problem) {
            if (problem.type() != ProblemType.WRITE_REJECTED) {
                throw problem;
            }
        }
        int size = batch.transactions().size();
        return size > 1
                ? applyHalves(batch, size / 2)
                : database.inTransaction(() -> writeInTransaction(batch, Order.STRICT));
    }

    /** Two transactions may only be in each other's way because they met in one set; and one may need an order of its own. */
    private WriteResult applyHalves(WriteBatch batch, int half) {
        List<TransactionWrites> all = batch.transactions();
        WriteResult first = apply(new WriteBatch(batch.epoch(), all.get(half).commitLsn(), all.subList(0, half)));
        if (first.applied() < half) {
            return first; // a hold came in between
        }
        WriteResult second = apply(new WriteBatch(batch.epoch(), batch.completeBelow(), all.subList(half, all.size())));
        return new WriteResult(half + second.applied(), first.replayed() + second.replayed(), second.control());
    }

    /** What must be there before, and may stay when the batch fails: partitions and small numbers. */
    private void prepare(WriteBatch batch) {
        if (batch.transactions().isEmpty()) {
            return;
        }
        if (partitionBytes == 0) {
            partitionBytes = windows.require().partitionBytes();
        }
        partitions.cover(
                batch.transactions().stream().map(TransactionWrites::commitLsn).toList(), partitionBytes);
        dictionary.registerModels(tables.names());
        dictionary.registerTables(batch.transactions().stream()
                .flatMap(transaction -> transaction.changes().stream())
                .map(ChangeWrites::sourceTable)
                .distinct()
                .toList());
    }

    private WriteResult writeInTransaction(WriteBatch batch, Order order) {
        OpenWindow window = windows.lock();
        window.checkEpoch(batch.epoch());
        Admission admission = Admission.of(batch, window.position(), window.hold());
        if (!admission.fresh().isEmpty()) {
            boolean large = admission.fresh().size() >= LARGE_BATCH_TRANSACTIONS;
            database.jdbc()
                    .sql(LOOK_UP_BY_KEY)
                    .param(large ? "force_custom_plan" : "force_generic_plan")
                    .query(_ -> {});
            applier.apply(admission.fresh(), order);
        }
        move(window.position(), admission.position());
        return new WriteResult(
                admission.replayed() + admission.fresh().size(),
                admission.replayed(),
                window.at(admission.position()).control());
    }

    private void move(LogSequenceNumber from, LogSequenceNumber to) {
        if (!from.equals(to)) {
            database.jdbc().sql(MOVE).param(to.asString()).update();
        }
    }
}
