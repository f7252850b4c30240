package io.shadowwrite.api.audit;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** What of the gate's decisions binds those that come later. To be asked under the lock of the window. Thread-safe. */
public final class Decisions {

    private static final String LATEST = """
            select exists (select
                             from (select * from shadow.cutover_audit order by ordinal desc limit 1) latest
                            where latest.decision = ?
                              and (?::pg_lsn is null or latest.final_lsn = ?::pg_lsn))
            """;

    private final ShadowDatabase database;

    public Decisions(ShadowDatabase database) {
        this.database = database;
    }

    /**
     * Nothing while the cutover is not finished.
     *
     * @throws ShadowProblem with CUTOVER_FINISHED
     */
    public void requireUnfinished() {
        if (latestIs("FINISH", null)) {
            throw new ShadowProblem(
                    ProblemType.CUTOVER_FINISHED,
                    "the cutover is finished and nothing of the old source is applied any more; what remains is ./shadow decommission plan");
        }
    }

    /** Whether the latest decision was a permit at this LSN, whatever became of it since. */
    boolean latestPermits(LogSequenceNumber finalLsn) {
        return latestIs("PERMIT", finalLsn.asString());
    }

    private boolean latestIs(String decision, @Nullable String finalLsn) {
        return database.jdbc()
                .sql(LATEST)
                .param(decision)
                .param(finalLsn)
                .param(finalLsn)
                .query(Boolean.class)
                .single();
    }
}
