package io.shadowwrite.api.deadletter;

import io.shadowwrite.api.database.Codes;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.protocol.DeadLetter;
import io.shadowwrite.protocol.DeadLetterContent;
import io.shadowwrite.protocol.DeadLetterPage;
import io.shadowwrite.protocol.LetterClass;
import io.shadowwrite.protocol.LetterFilter;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Letters as people see them. Thread-safe. */
final class Listing {

    private static final String SELECT = """
            select d.id, d.commit_lsn, d.change_index, d.committed_at, s.name as source_table, d.source_key,
                   d.former_key, d.operation, d.class, d.problem, d.detail, d.parked_behind, d.attempts,
                   coalesce(d.corrected, d.writes) is not null as complete, d.state, d.parked_at, d.decided_at,
                   d.decided_by, d.reason, d.note
              from shadow.dead_letter d
              join shadow.source_table s on s.id = d.source_table
            """;

    private static final String MATCHES = """
             where (cast(:state as text) is null or d.state = :state)
               and (cast(:class as text) is null or d.class = :class)
               and (cast(:table as text) is null
                    or d.source_table = (select t.id from shadow.source_table t where t.name = :table))
               and (cast(:key as text) is null or d.source_key = :key or d.former_key = :key)
               and (cast(:problem as text) is null or d.problem = :problem)
               and (cast(:from as text) is null or d.commit_lsn >= cast(:from as pg_lsn))
               and (cast(:to as text) is null or d.commit_lsn < cast(:to as pg_lsn))
            """;

    private static final String PAGE = SELECT + MATCHES + """
               and d.id > :after
             order by d.id
             limit :limit
            """;

    private static final String IDS = "select d.id from shadow.dead_letter d" + MATCHES + """
             order by d.commit_lsn, d.change_index
             limit :limit
            """;

    private static final String CONTENT = "select payload, writes, corrected from shadow.dead_letter where id = ?";

    private final ShadowDatabase database;

    Listing(ShadowDatabase database) {
        this.database = database;
    }

    DeadLetterPage page(LetterFilter filter, long after, int limit) {
        // One more than asked for tells whether there is a next page.
        List<DeadLetter> found = matching(PAGE, filter)
                .param("after", after)
                .param("limit", limit + 1)
                .query((row, _) -> read(row))
                .list();
        return found.size() <= limit
                ? new DeadLetterPage(found, null)
                : new DeadLetterPage(
                        found.subList(0, limit), found.get(limit - 1).id());
    }

    /** In the order of the stream. */
    List<Long> ids(LetterFilter filter, int limit) {
        return matching(IDS, filter).param("limit", limit).query(Long.class).list();
    }

    private JdbcClient.StatementSpec matching(String sql, LetterFilter filter) {
        return database.jdbc()
                .sql(sql)
                .param("state", filter.state() == null ? null : filter.state().name())
                .param(
                        "class",
                        filter.letterClass() == null
                                ? null
                                : filter.letterClass().name())
                .param("table", filter.sourceTable())
                .param("key", filter.sourceKey())
                .param("problem", filter.problem())
                .param("from", text(filter.fromLsn()))
                .param("to", text(filter.toLsn()));
    }

    private static @Nullable String text(@Nullable LogSequenceNumber lsn) {
        return lsn == null ? null : lsn.asString();
    }

    /** The letter, or DEAD_LETTER_UNKNOWN. */
    DeadLetter one(long id) {
        return database.jdbc()
                .sql(SELECT + " where d.id = ?")
                .param(id)
                .query((row, _) -> read(row))
                .optional()
                .orElseThrow(() ->
                        new ShadowProblem(ProblemType.DEAD_LETTER_UNKNOWN, "there is no dead letter %d".formatted(id)));
    }

    DeadLetterContent content(DeadLetter letter, int behind) {
        return database.jdbc()
                .sql(CONTENT)
                .param(letter.id())
                .query((row, _) -> new DeadLetterContent(
                        letter,
                        behind,
                        row.getString("payload"),
                        Letters.writes(row.getString("writes")),
                        Letters.writes(row.getString("corrected"))))
                .single();
    }

    private static DeadLetter read(ResultSet row) throws SQLException {
        long behind = row.getLong("parked_behind");
        @Nullable Long behindOrNull = row.wasNull() ? null : behind;
        return new DeadLetter(
                row.getLong("id"),
                Letters.lsn(row, "commit_lsn"),
                row.getInt("change_index"),
                row.getObject("committed_at", OffsetDateTime.class).toInstant(),
                row.getString("source_table"),
                row.getString("source_key"),
                row.getString("former_key"),
                Codes.operation(row.getInt("operation")),
                LetterClass.valueOf(row.getString("class")),
                row.getString("problem"),
                row.getString("detail"),
                behindOrNull,
                row.getInt("attempts"),
                row.getBoolean("complete"),
                LetterState.valueOf(row.getString("state")),
                row.getObject("parked_at", OffsetDateTime.class).toInstant(),
                instant(row, "decided_at"),
                row.getString("decided_by"),
                row.getString("reason"),
                row.getString("note"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
