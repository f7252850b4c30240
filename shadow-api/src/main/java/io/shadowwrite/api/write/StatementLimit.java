package io.shadowwrite.api.write;

import io.shadowwrite.api.problem.SqlProblem;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Says which statements went beyond the session's statement_timeout, because the server does not. */
final class StatementLimit {

    private StatementLimit() {}

    /**
     * Runs statements on the table of a model.
     *
     * @param doing what they are for
     * @throws ShadowProblem WRITE_TOO_LONG when one is cancelled
     */
    static void within(String model, String doing, Runnable statements) {
        try {
            statements.run();
        } catch (DataAccessException e) {
            throw named(e, "%s rows of model %s".formatted(doing, model), Map.of("model", model, "statement", doing));
        }
    }

    /** The same for the check of what has been deferred. */
    static void checkingConstraints(Runnable statements) {
        String doing = "checking deferred constraints";
        try {
            statements.run();
        } catch (DataAccessException e) {
            throw named(e, doing, Map.of("statement", doing));
        }
    }

    /** A whole transaction: its commit, where deferred constraints are due, and every statement that nobody else has named. */
    static <T> T inTransaction(Supplier<T> transaction) {
        try {
            return transaction.get();
        } catch (DataAccessException | TransactionException e) {
            String doing = "recording changes or committing them";
            throw named(e, doing, Map.of("statement", doing));
        }
    }

    private static RuntimeException named(RuntimeException failure, String doing, Map<String, String> facts) {
        SqlProblem sql = SqlProblem.of(failure);
        if (sql == null || !sql.cancelled()) {
            return failure;
        }
        return new ShadowProblem(
                ProblemType.WRITE_TOO_LONG,
                "%s for one source transaction takes longer than a statement may; look for an index that is missing, for triggers and for locks on the tables"
                        .formatted(doing),
                facts,
                failure);
    }
}
