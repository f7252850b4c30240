package io.shadowwrite.api.write;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.ledger.Ledger;
import io.shadowwrite.api.ledger.LedgerPartitions;
import io.shadowwrite.api.problem.SqlProblem;
import io.shadowwrite.api.provenance.Provenance;
import io.shadowwrite.api.window.OpenWindow;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.api.write.BatchApplier.Order;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.protocol.WriteResult;
import java.util.List;
import org.springframework.dao.DataAccessException;

/**
 * Writes what the stream's batches make of target rows; {@link TargetWriter} and {@link LongTransactionWriter} do the rest. A
 * batch is one target transaction, opened here; one that the target refuses is cut until only what is really refused is left.
 * Thread-safe.
 */
public final class ShadowWriter {

    private static final int LARGE_BATCH_CHANGES = 200;

    private final ShadowDatabase database;
    private final Windows windows;
    private final Dictionary dictionary;
    private final LedgerPartitions partitions;
    private final TargetTables tables;
    private final BatchApplier applier;
    private final Plans plans;
    private final Provenance provenance;
    private final Ledger ledger;
    private final Parking parking;
    private final Position position;

    /** Frozen with the window, so read once; 0 until then. */
    private volatile long partitionBytes;

    ShadowWriter(
            ShadowDatabase database,
            Windows windows,
            Dictionary dictionary,
            LedgerPartitions partitions,
            TargetTables tables,
            BatchApplier applier,
            Provenance provenance,
            Ledger ledger,
            Parking parking,
            Position position) {
        this.database = database;
        this.windows = windows;
        this.dictionary = dictionary;
        this.partitions = partitions;
        this.tables = tables;
        this.applier = applier;
        this.plans = new Plans(database);
        this.provenance = provenance;
        this.ledger = ledger;
        this.parking = parking;
        this.position = position;
    }

    /**
     * Applies what is new of the batch and not beyond a hold.
     *
     * @throws ShadowProblem for the first transaction that cannot be applied; those before it are, and the position says so
     */
    WriteResult write(WriteBatch batch) {
        Admission.checkOrder(batch);
        prepare(batch);
        return position.inTurn(() -> apply(batch));
    }

    private WriteResult apply(WriteBatch batch) {
        int size = batch.transactions().size();
        try {
            return position.moved(() -> database.inTransaction(() -> writeInTransaction(batch, Order.SETS)));
        } catch (DataAccessException e) {
            SqlProblem sql = SqlProblem.of(e);
            if (sql == null || !sql.refusesData()) {
                throw e;
            }
        } catch (ShadowProblem problem) {
            if (!ofOneTransaction(problem, size)) {
                throw problem;
            }
        }
        return size > 1
                ? applyHalves(batch, size / 2)
                : position.moved(() -> database.inTransaction(() -> writeInTransaction(batch, Order.STRICT)));
    }

    /** Others of the batch may do without what is refused; alone, only another order may help, and no order helps letters. */
    private static boolean ofOneTransaction(ShadowProblem problem, int size) {
        return switch (problem.type()) {
            case WRITE_REJECTED -> true;
            case WRITE_TOO_LONG, DEAD_LETTER_HALTS, DEAD_LETTERS_FULL -> size > 1;
            default -> false;
        };
    }

    /** Two transactions may only be in each other's way because they met in one set; and one may need an order of its own. */
    private WriteResult applyHalves(WriteBatch batch, int half) {
        List<TransactionWrites> all = batch.transactions();
        WriteResult first = apply(new WriteBatch(
                batch.epoch(), batch.continuesFrom(), all.get(half).commitLsn(), all.subList(0, half)));
        if (first.applied() < half) {
            return first; // a hold came in between
        }
        WriteResult second = apply(new WriteBatch(
                batch.epoch(), all.get(half).commitLsn(), batch.completeBelow(), all.subList(half, all.size())));
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

    private static int changes(List<TransactionWrites> transactions) {
        return transactions.stream().mapToInt(each -> each.changes().size()).sum();
    }

    private WriteResult writeInTransaction(WriteBatch batch, Order order) {
        OpenWindow window = windows.lock();
        window.checkEpoch(batch.epoch());
        Admission admission = Admission.of(batch, window.position(), window.hold());
        if (!admission.fresh().isEmpty()) {
            plans.lookUpByKey(changes(admission.fresh()) >= LARGE_BATCH_CHANGES);
            Parking.Sifted sifted =
                    window.parked() ? parking.sift(admission.fresh()) : Parking.Sifted.nothing(admission.fresh());
            applier.apply(
                    sifted.transactions(),
                    order,
                    new StreamRecords(provenance.rows(), ledger.rows(Side.CONSUMER), sifted));
        }
        position.move(window.position(), admission.position());
        return new WriteResult(
                admission.replayed() + admission.fresh().size(),
                admission.replayed(),
                window.at(admission.position()).control());
    }
}
