package io.shadowwrite.api.verifierrun;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.RunPage;
import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.Verdict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Reads stored comparisons. Thread-safe. */
public final class RunReads {

    private static final String PAGE = """
            select *
              from shadow.verifier_run
             where (:mode::text is null or mode = :mode)
               and (:verdict::text is null or verdict = :verdict)
               and (:before::uuid is null
                    or ordinal < (select b.ordinal
                                                  from shadow.verifier_run b
                                                 where b.run_id = :before))
             order by ordinal desc
             limit :limit
            """;

    private static final String LATEST = """
            select *
              from shadow.settled_run
             order by ordinal desc
             limit 1
            """;

    private static final String EXISTS = "select exists (select from shadow.verifier_run where run_id = ?)";

    private final ShadowDatabase database;

    public RunReads(ShadowDatabase database) {
        this.database = database;
    }

    /** The latest run that ended, or should have; empty when there is none. */
    public Optional<RunSummary> latest() {
        return database.jdbc().sql(LATEST).query((row, _) -> summary(row)).optional();
    }

    RunPage page(int limit, @Nullable UUID before, @Nullable String mode, @Nullable Verdict verdict) {
        List<RunSummary> found = database.jdbc()
                .sql(PAGE)
                .param("mode", mode)
                .param("verdict", verdict == null ? null : verdict.name())
                .param("before", before)
                .param("limit", limit + 1)
                .query((row, _) -> summary(row))
                .list();
        boolean more = found.size() > limit;
        List<RunSummary> page = more ? found.subList(0, limit) : found;
        return new RunPage(page, more ? page.getLast().runId() : null);
    }

    /**
     * Lets only the id of a stored run pass.
     *
     * @throws ShadowProblem with NOT_FOUND
     */
    void requireStored(UUID runId) {
        if (!database.jdbc().sql(EXISTS).param(runId).query(Boolean.class).single()) {
            throw new ShadowProblem(ProblemType.NOT_FOUND, "no run %s is stored".formatted(runId));
        }
    }

    private static RunSummary summary(ResultSet row) throws SQLException {
        String pin = row.getString("pin_lsn");
        return new RunSummary(
                Objects.requireNonNull(row.getObject("run_id", UUID.class)),
                row.getString("mode"),
                instant(row, "tick_hour"),
                TickClock.valueOf(row.getString("tick_clock")),
                pin == null ? null : LogSequenceNumber.valueOf(pin),
                Objects.requireNonNull(instant(row, "started_at")),
                instant(row, "finished_at"),
                Verdict.valueOf(row.getString("verdict")),
                row.getString("reason"),
                row.getLong("findings_total"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
