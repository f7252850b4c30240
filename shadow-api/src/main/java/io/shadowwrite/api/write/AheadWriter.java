package io.shadowwrite.api.write;

import io.shadowwrite.api.ledger.Judged;
import io.shadowwrite.api.ledger.Repeated;
import io.shadowwrite.api.metrics.ApiMetrics;
import io.shadowwrite.api.problem.SqlProblem;
import io.shadowwrite.api.target.Reach;
import io.shadowwrite.api.target.Reaches;
import io.shadowwrite.api.window.OpenWindow;
import io.shadowwrite.api.write.BatchApplier.Order;
import io.shadowwrite.api.write.Underway.Flight;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.protocol.WriteResult;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Applies a batch while those before it are still being applied, when none of them touches what it touches, and commits it after
 * them. Whatever is not exactly as expected then, and any error, undoes it: the batch is applied once more when it is its turn,
 * so trying can cost work, and time to whoever needs a row of it meanwhile, but never says what becomes of a batch. Thread-safe.
 */
final class AheadWriter {

    private static final Logger LOG = LoggerFactory.getLogger(AheadWriter.class);

    /** More are never on the way from one consumer. */
    private static final int MOST_BEFORE = 4;

    private final StreamEngine engine;
    private final Map<String, TargetModel> models;
    private final Reaches reaches;
    private final Duration patience;
    private final String giveUpFirst;
    private final ApiMetrics metrics;
    private final Semaphore room;
    private final Restraint restraint = new Restraint();
    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * How far to go.
     *
     * @param atOnce most batches that are applied ahead of their turn at once; 0 for none
     * @param patience how long one that is done waits for those before it
     * @param lockWait how long it waits for a lock
     * @param statement how long one statement may take; longer than {@code lockWait}
     */
    record Limits(int atOnce, Duration patience, Duration lockWait, Duration statement) {

        /** What is done may have to be undone, and locks rows until then; others give up after ten seconds. */
        private static final Duration PATIENCE = Duration.ofSeconds(1);

        /**
         * Whoever waits for a lock here may be waited for. So this one gives up, long before the server looks for deadlocks and
         * before anybody else loses patience.
         */
        private static final Duration LOCK_WAIT = Duration.ofMillis(100);

        private static final Duration STATEMENT = Duration.ofSeconds(1);

        static Limits ordinary(int atOnce) {
            return new Limits(atOnce, PATIENCE, LOCK_WAIT, STATEMENT);
        }
    }

    AheadWriter(
            StreamEngine engine, Map<String, TargetModel> models, Reaches reaches, ApiMetrics metrics, Limits limits) {
        this.engine = engine;
        this.models = models;
        this.reaches = reaches;
        this.metrics = metrics;
        this.room = new Semaphore(limits.atOnce());
        this.patience = limits.patience();
        this.giveUpFirst =
                "select set_config('lock_timeout', '%dms', true), set_config('statement_timeout', '%dms', true)"
                        .formatted(
                                limits.lockWait().toMillis(), limits.statement().toMillis());
    }

    /** The answer when the batch is applied; null when nothing was done, and it waits for its turn. */
    @Nullable WriteResult attempt(Flight flight) {
        List<Flight> before = flight.ahead(MOST_BEFORE);
        if (before.isEmpty() || !isAllNew(flight.batch()) || !room.tryAcquire()) {
            return null;
        }
        try {
            return isApart(flight, before) && restraint.allows() ? attempt(flight, before) : null;
        } catch (DataAccessException unread) {
            metrics.ahead(ApiMetrics.Ahead.UNREAD);
            LOG.debug("What writes to the target's tables may reach could not be read: {}", inShort(unread));
            return null;
        } finally {
            room.release();
        }
    }

    /** Only under the lock is it known what was applied before, so no batch may bring any of that again. */
    private static boolean isAllNew(WriteBatch batch) {
        Admission inItsTurn = Admission.of(batch, batch.continuesFrom(), null);
        return inItsTurn.replayed() == 0 && !inItsTurn.fresh().isEmpty();
    }

    private boolean isApart(Flight flight, List<Flight> before) {
        Reach reach = reaches.current();
        Function<WriteBatch, Footprint> making = batch -> Footprint.of(batch.transactions(), models, reach);
        Footprint own = flight.footprint(making);
        boolean apart = before.stream().map(other -> other.footprint(making)).noneMatch(own::meets);
        if (!apart) {
            metrics.ahead(ApiMetrics.Ahead.OVERLAPPING);
        }
        return apart;
    }

    private @Nullable WriteResult attempt(Flight flight, List<Flight> before) {
        try {
            WriteResult result =
                    engine.position().moved(() -> engine.database().inTransaction(() -> write(flight.batch(), before)));
            restraint.worked();
            metrics.ahead(ApiMetrics.Ahead.KEPT);
            return result;
        } catch (RuntimeException reason) {
            // Its turn comes, and what is wrong with it is said then.
            undone(reason);
            return null;
        }
    }

    private void undone(RuntimeException reason) {
        restraint.failed();
        metrics.ahead(ApiMetrics.Ahead.REDONE);
        boolean ordinary = reason instanceof ShadowProblem
                || reason instanceof DataAccessException
                || reason instanceof TransactionException;
        if (ordinary || warned.getAndSet(true)) {
            LOG.debug("A batch that was applied ahead of its turn was undone: {}", inShort(reason));
        } else {
            LOG.warn(
                    "A batch that was applied ahead of its turn was undone, and not for what it is: {} at {}; it is applied in its turn, please report this",
                    inShort(reason),
                    Arrays.stream(reason.getStackTrace()).findFirst().orElse(null));
        }
    }

    /** Without what others say, who may quote rows. */
    private static String inShort(RuntimeException reason) {
        if (reason instanceof ShadowProblem problem) {
            return "%s, %s".formatted(problem.type(), problem.getMessage());
        }
        SqlProblem sql = SqlProblem.of(reason);
        return reason.getClass().getSimpleName() + (sql == null ? "" : ", SQLSTATE " + sql.sqlState());
    }

    private WriteResult write(WriteBatch batch, List<Flight> before) {
        List<TransactionWrites> all = batch.transactions();
        OpenWindow then = engine.windows().look(giveUpFirst, Plans.forTransactions(all));
        // Whatever is committed from here on and before this is of the batches that were compared.
        then.checkEpoch(batch.epoch());
        check(then.position().compareTo(before.getLast().batch().continuesFrom()) >= 0 && isPlain(then, batch));
        Judged judged = new Judged();
        engine.applier().apply(all, Order.SETS, engine.records(Parking.Sifted.nothing(all), judged));
        check(before.getFirst().awaitEnd(patience));
        OpenWindow now = engine.windows().lock();
        now.checkEpoch(batch.epoch());
        check(now.position().equals(batch.continuesFrom())
                && now.writesBeside() == then.writesBeside()
                && isPlain(now, batch));
        return engine.result(Admission.of(batch, now.position(), null), now, Repeated.NOTHING, judged);
    }

    /** Nothing but the position says what of the batch may be applied. */
    private static boolean isPlain(OpenWindow window, WriteBatch batch) {
        return window.hold() == null && !window.parked() && window.position().compareTo(batch.continuesFrom()) <= 0;
    }

    private static void check(boolean asExpected) {
        if (!asExpected) {
            throw new ShadowProblem(ProblemType.OUT_OF_TURN, "the batch is applied when it is its turn");
        }
    }
}
