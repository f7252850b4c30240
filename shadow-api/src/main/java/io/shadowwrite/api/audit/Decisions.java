package io.shadowwrite.api.audit;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    private static final String DECIDED = "select exists (select from shadow.cutover_audit where audit_id = ?)";

    private static final Pattern ATTEMPT =
            Pattern.compile(Pattern.quote(Hold.CUTOVER) + "(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12})\\b");

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

    /**
     * Nothing unless the holder is an attempt that is decided already: whoever ended it must not see it take the gate again.
     *
     * @throws ShadowProblem with BROKEN_INVARIANT
     */
    public void requireUndecided(String holder) {
        Matcher attempt = ATTEMPT.matcher(holder);
        if (attempt.lookingAt()
                && database.jdbc()
                        .sql(DECIDED)
                        .param(UUID.fromString(attempt.group(1)))
                        .query(Boolean.class)
                        .single()) {
            throw new ShadowProblem(
                    ProblemType.BROKEN_INVARIANT,
                    "the attempt %s is decided; begin another one".formatted(attempt.group(1)));
        }
    }

    /** Whether the attempt holds that this is the decision of. */
    static boolean holds(Hold hold, UUID auditId) {
        Matcher attempt = ATTEMPT.matcher(hold.holder());
        return hold.ofCutover()
                && attempt.lookingAt()
                && UUID.fromString(attempt.group(1)).equals(auditId);
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
