package io.shadowwrite.api.write;

import io.shadowwrite.api.ledger.Judged;
import io.shadowwrite.api.ledger.Repeated;
import io.shadowwrite.api.problem.SqlProblem;
import io.shadowwrite.api.window.OpenWindow;
import io.shadowwrite.api.write.BatchApplier.Order;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.protocol.WriteResult;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * Writes what the stream's batches make of target rows; {@link TargetWriter} and {@link LongTransactionWriter} do the rest. A
 * batch is one target transaction, opened here; one that the target refuses is cut until only what is really refused is left.
 * Thread-safe.
 */
public final class ShadowWriter {

    private final StreamEngine engine;
    private final AheadWriter ahead;
    private final Underway underway;

    /** Frozen with the window, so read once; 0 until then. */
    private volatile long partitionBytes;

    ShadowWriter(StreamEngine engine, AheadWriter ahead, Underway underway) {
        this.engine = engine;
        this.ahead = ahead;
        this.underway = underway;
    }

    /**
     * Applies what is new of the batch and not beyond a hold.
     *
     * @throws ShadowProblem for the first transaction that cannot be applied; those before it are, and the position says so
     */
    WriteResult write(WriteBatch batch) {
        Admission.checkOrder(batch);
        if (partitionBytes == 0) {
            partitionBytes = engine.windows().require().partitionBytes();
        }
        List<TransactionWrites> transactions = batch.transactions();
        engine.register(transactions.stream()
                .flatMap(transaction -> transaction.changes().stream())
                .map(ChangeWrites::sourceTable)
                .distinct()
                .toList());
        return engine.partitions()
                .covering(
                        transactions.stream().map(TransactionWrites::commitLsn).toList(),
                        partitionBytes,
                        () -> aheadOrInTurn(batch));
    }

    private WriteResult aheadOrInTurn(WriteBatch batch) {
        try (Underway.Flight flight = underway.begin(batch)) {
            @Nullable WriteResult result = ahead.attempt(flight);
            return result == null ? engine.position().inTurn(() -> apply(batch)) : result;
        }
    }

    private WriteResult apply(WriteBatch batch) {
        int size = batch.transactions().size();
        try {
            return inOneTransaction(batch, Order.SETS);
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
        return size > 1 ? applyHalves(batch, size / 2) : inOneTransaction(batch, Order.STRICT);
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
        return new WriteResult(
                half + second.applied(),
                first.replayed() + second.replayed(),
                first.forgotten() + second.forgotten(),
                first.repeated() + second.repeated(),
                new Judged().plus(first.changes()).plus(second.changes()).counts(),
                second.control());
    }

    private WriteResult inOneTransaction(WriteBatch batch, Order order) {
        return engine.position()
                .moved(() -> StatementLimit.inTransaction(
                        () -> engine.database().inTransaction(() -> writeInTransaction(batch, order))));
    }

    private WriteResult writeInTransaction(WriteBatch batch, Order order) {
        OpenWindow window = engine.windows().lock(Plans.forTransactions(batch.transactions()));
        window.checkEpoch(batch.epoch());
        Admission admission = Admission.of(batch, window.position(), window.hold());
        Repeated repeated = engine.ledger().repeated(batch.transactions().subList(0, admission.replayed()));
        Judged judged = new Judged();
        if (!admission.fresh().isEmpty()) {
            Parking.Sifted sifted = engine.sift(window, admission.fresh());
            engine.applier().apply(sifted.transactions(), order, engine.records(sifted, judged));
        }
        return engine.result(admission, window, repeated, judged);
    }
}
