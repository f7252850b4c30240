package io.shadowwrite.api.write;

import io.shadowwrite.api.problem.SqlProblem;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.util.Map;
import org.springframework.dao.DataAccessException;

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
            SqlProblem sql = SqlProblem.of(e);
            if (sql == null || !sql.cancelled()) {
                throw e;
            }
            throw new ShadowProblem(
                    ProblemType.WRITE_TOO_LONG,
                    "%s rows of model %s for one source transaction takes longer than a statement may; look for an index that is missing, for triggers and for locks on its table"
                            .formatted(doing, model),
                    Map.of("model", model, "statement", doing),
                    e);
        }
    }
}
