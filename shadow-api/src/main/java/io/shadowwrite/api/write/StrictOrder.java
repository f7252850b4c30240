package io.shadowwrite.api.write;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.fold.ModelFold;
import io.shadowwrite.api.fold.Origin;
import io.shadowwrite.api.fold.Plan;
import io.shadowwrite.api.problem.SqlProblem;
import io.shadowwrite.api.target.ModelTable;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.dao.DataAccessException;

/** Sends every write by itself, so that constraints see what they saw in the source, and names the one that is refused. */
final class StrictOrder {

    private final TargetTables tables;
    private final ShadowDatabase database;

    StrictOrder(TargetTables tables, ShadowDatabase database) {
        this.tables = tables;
        this.database = database;
    }

    void write(ModelFold fold, ShadowWrite write, Origin origin) {
        fold.settleEach(write, origin.transaction());
        Plan plan = fold.takePlan();
        ModelTable table = tables.of(write.model());
        try {
            table.write(plan);
            table.delete(plan);
        } catch (DataAccessException e) {
            throw refused(e, origin.transaction(), origin.changeIndex(), write.model());
        }
    }

    /** Deferred constraints are due where the source had its commit. */
    void endOfTransaction(TransactionWrites transaction) {
        try {
            database.jdbc().sql("set constraints all immediate").update();
            database.jdbc().sql("set constraints all deferred").update();
        } catch (DataAccessException e) {
            int last = transaction.changes().getLast().changeIndex();
            throw refused(e, transaction, last, "");
        }
    }

    private static RuntimeException refused(
            DataAccessException failure, TransactionWrites transaction, int changeIndex, String model) {
        SqlProblem sql = SqlProblem.of(failure);
        if (sql == null || !sql.refusesData()) {
            return failure;
        }
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("commit_lsn", Long.toUnsignedString(transaction.commitLsn().asLong()));
        facts.put("change_index", String.valueOf(changeIndex));
        facts.put("model", model);
        facts.put("sqlstate", sql.sqlState());
        if (sql.constraint() != null) {
            facts.put("constraint", sql.constraint());
        }
        return new ShadowProblem(
                ProblemType.WRITE_REJECTED,
                "change %d of the transaction committed at %s is refused by the table of model %s (%s)"
                        .formatted(changeIndex, transaction.commitLsn(), model, sql.describe()),
                facts,
                failure);
    }
}
