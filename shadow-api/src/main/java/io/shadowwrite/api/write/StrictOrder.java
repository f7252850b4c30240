package io.shadowwrite.api.write;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.fold.Origin;
import io.shadowwrite.api.fold.Plan;
import io.shadowwrite.api.fold.RowState;
import io.shadowwrite.api.problem.SqlProblem;
import io.shadowwrite.api.target.ModelTable;
import io.shadowwrite.api.write.BatchApplier.Order;
import io.shadowwrite.protocol.Action;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * Sends every write by itself, so that constraints see what they saw in the source, and names the one that is refused. A
 * removal that others still refer to waits for them, because a source that removes them along with it logs them after it.
 * Belongs to one request and one thread.
 */
final class StrictOrder {

    private final TargetTables tables;
    private final ShadowDatabase database;
    private final WaitingRemovals waiting;

    StrictOrder(TargetTables tables, ShadowDatabase database) {
        this.tables = tables;
        this.database = database;
        this.waiting = new WaitingRemovals(this::attemptDeletion, List.copyOf(tables.names()));
    }

    /** As {@link BatchFold#begin}; a key that cannot be looked for is named like a write that is refused. */
    BatchFold begin(List<TransactionWrites> transactions) {
        return looking(transactions, () -> BatchFold.begin(tables, transactions, Order.STRICT));
    }

    /** As {@link BatchFold#beginPart}, likewise. */
    BatchFold beginPart(TransactionWrites part) {
        return looking(List.of(part), () -> BatchFold.beginPart(tables, part));
    }

    private BatchFold looking(List<TransactionWrites> transactions, Supplier<BatchFold> look) {
        database.jdbc().sql("savepoint looking").update();
        try {
            BatchFold batch = look.get();
            database.jdbc().sql("release savepoint looking").update();
            return batch;
        } catch (DataAccessException e) {
            if (refusesData(e)) {
                database.jdbc().sql("rollback to savepoint looking").update();
                transactions.forEach(this::lookForEach);
            }
            throw e;
        }
    }

    private void lookForEach(TransactionWrites transaction) {
        for (ChangeWrites change : transaction.changes()) {
            for (ShadowWrite write : change.writes()) {
                ModelTable table = tables.of(write.model());
                try {
                    table.find(List.of(RowState.of(table.columns().key(write.key()))), false);
                } catch (DataAccessException e) {
                    throw refused(e, transaction, change.changeIndex(), write.model());
                }
            }
        }
    }

    private static boolean refusesData(DataAccessException failure) {
        SqlProblem sql = SqlProblem.of(failure);
        return sql != null && sql.refusesData();
    }

    void write(BatchFold.Step step, Origin origin) {
        step.fold().settleEach(step.write(), origin.transaction());
        Plan plan = step.fold().takePlan();
        String model = step.write().write().model();
        WaitingRemovals.Row row =
                new WaitingRemovals.Row(model, step.write().state().key());
        if (step.write().write().action() == Action.UPSERT) {
            waiting.forget(row);
        }
        DataAccessException refusal = attempt(model, plan);
        if (refusal != null && !plan.deletes().isEmpty() && stillReferredTo(refusal)) {
            // What refers to it comes later; to try those that wait already again would help none of them.
            waiting.add(row, origin.changeIndex(), refusal);
            return;
        }
        if (refusal != null && waitingMayBeTheReason(refusal) && waiting.removeFresh()) {
            refusal = attempt(model, plan);
        }
        if (refusal != null && waitingMayBeTheReason(refusal) && waiting.removeAll()) {
            refusal = attempt(model, plan);
        }
        if (refusal != null) {
            throw refused(refusal, origin.transaction(), origin.changeIndex(), model);
        }
    }

    private static boolean stillReferredTo(DataAccessException refusal) {
        SqlProblem sql = SqlProblem.of(refusal);
        return sql != null && (sql.sqlState().equals("23503") || sql.sqlState().equals("23001"));
    }

    /** Whether rows that wait for their removal may be the reason: not when a value is wrong by itself, or a parent is missing. */
    private static boolean waitingMayBeTheReason(DataAccessException refusal) {
        SqlProblem sql = SqlProblem.of(refusal);
        if (sql == null || sql.sqlState().startsWith("22") || sql.sqlState().equals("23502")) {
            return false;
        }
        boolean ofTheRowItself = Set.of("23503", "23514").contains(sql.sqlState());
        return !ofTheRowItself || sql.constraint() == null; // without a constraint it is a trigger that says so
    }

    private @Nullable DataAccessException attemptDeletion(String model, List<List<String>> keys) {
        Plan plan = new Plan();
        plan.deletes().addAll(keys);
        return attempt(model, plan);
    }

    /** Null when it was done; otherwise nothing was. */
    private @Nullable DataAccessException attempt(String model, Plan plan) {
        ModelTable table = tables.of(model);
        database.jdbc().sql("savepoint one_write").update();
        try {
            StatementLimit.within(model, "writing", () -> table.write(plan));
            StatementLimit.within(model, "deleting", () -> table.delete(plan));
        } catch (DataAccessException e) {
            if (!refusesData(e)) {
                throw e;
            }
            database.jdbc().sql("rollback to savepoint one_write").update();
            return e;
        }
        database.jdbc().sql("release savepoint one_write").update();
        return null;
    }

    /** Deferred constraints are due where the source had its commit. */
    void endOfTransaction(TransactionWrites transaction) {
        endOfTransaction(transaction, LastWrites.of(transaction));
    }

    /** Whether a removal waits for others. */
    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    /**
     * The same.
     *
     * @param writes of the transaction, to tell whom a deferred constraint refuses
     */
    void endOfTransaction(TransactionWrites transaction, LastWrites writes) {
        waiting.removeAll();
        refuseOldest(transaction);
        database.jdbc().sql("savepoint deferred").update();
        try {
            StatementLimit.checkingConstraints(
                    () -> database.jdbc().sql("set constraints all immediate").update());
            database.jdbc().sql("set constraints all deferred").update();
        } catch (DataAccessException e) {
            throw refused(e, transaction, blamed(e, writes), null);
        }
        database.jdbc().sql("release savepoint deferred").update();
    }

    /**
     * Which change it was the server does not tell. One after the other from the end, among those that write to the tables of
     * the constraint, is right in the end, because a parked change has no writes and is not named again.
     */
    private int blamed(DataAccessException failure, LastWrites writes) {
        SqlProblem sql = SqlProblem.of(failure);
        if (sql == null || !sql.refusesData()) {
            return 0;
        }
        database.jdbc().sql("rollback to savepoint deferred").update();
        DeferredRefusal refusal = DeferredRefusal.of(sql, database);
        return refusal == null ? writes.blamed(_ -> true, _ -> true) : refusal.blamed(writes, tables);
    }

    /** Most likely the one that the others wait for. */
    private void refuseOldest(TransactionWrites transaction) {
        Map.Entry<WaitingRemovals.Row, Integer> oldest = waiting.oldest();
        if (oldest == null) {
            return;
        }
        WaitingRemovals.Row row = oldest.getKey();
        DataAccessException refusal = attemptDeletion(row.model(), List.of(row.key()));
        if (refusal == null) {
            throw new IllegalStateException("a row of %s was refused and now is not".formatted(row.model()));
        }
        throw refused(refusal, transaction, oldest.getValue(), row.model());
    }

    /** @param model whose table refuses the change; null when which change it was is a guess */
    private static RuntimeException refused(
            DataAccessException failure, TransactionWrites transaction, int changeIndex, @Nullable String model) {
        SqlProblem sql = SqlProblem.of(failure);
        if (sql == null || !sql.refusesData()) {
            return failure;
        }
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("commit_lsn", Long.toUnsignedString(transaction.commitLsn().asLong()));
        facts.put("change_index", String.valueOf(changeIndex));
        if (model == null) {
            // The consumer allows fewer of these for one transaction.
            facts.put("guessed", "true");
        }
        facts.put("model", model == null ? "" : model);
        facts.put("sqlstate", sql.sqlState());
        if (sql.constraint() != null) {
            facts.put("constraint", sql.constraint());
        }
        return new ShadowProblem(
                ProblemType.WRITE_REJECTED,
                "change %d of the transaction committed at %s is refused by the table of model %s (%s)"
                        .formatted(changeIndex, transaction.commitLsn(), facts.get("model"), sql.describe()),
                facts,
                failure);
    }
}
