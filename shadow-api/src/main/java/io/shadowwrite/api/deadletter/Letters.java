package io.shadowwrite.api.deadletter;

import io.shadowwrite.api.database.Codes;
import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.database.SqlArrays;
import io.shadowwrite.api.write.Parking.Event;
import io.shadowwrite.protocol.LetterClass;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.WireJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.springframework.jdbc.support.SqlArrayValue;

/**
 * Writes {@code shadow.dead_letter} and {@code shadow.parked_key}, and reads them for that; in the caller's transaction,
 * under the window's lock. Thread-safe.
 */
final class Letters {

    private static final String SELECT = """
            select d.id, d.commit_lsn, d.end_lsn, d.xid, d.committed_at, d.change_index, s.name as source_table,
                   d.operation, d.source_key, d.former_key, d.class, d.state, coalesce(d.corrected, d.writes) as writes,
                   d.corrected is not null as corrected
              from shadow.dead_letter d
              join shadow.source_table s on s.id = d.source_table
            """;

    private static final String OPEN_OF_TABLE = """
            select id, commit_lsn, change_index, source_key, former_key, operation
              from shadow.dead_letter
             where state = 'OPEN'
               and source_table = ?::smallint
             order by commit_lsn, change_index
            """;

    /** A letter that was released comes back as it is refused now; any other that is there stays as it is. */
    private static final String PARK = """
            with parked as (
              insert into shadow.dead_letter as d
                     (commit_lsn, end_lsn, xid, committed_at, change_index, source_table, operation, source_key, former_key,
                      class, problem, detail, parked_behind, payload, writes)
              select n.commit_lsn, n.end_lsn, n.xid, n.committed_at, n.change_index, n.source_table::smallint,
                     n.operation::smallint, n.source_key, n.former_key, n.class, n.problem, n.detail, n.parked_behind,
                     n.payload, n.writes::json
                from unnest(?::pg_lsn[], ?::pg_lsn[], ?::bigint[], ?::timestamptz[], ?::int[], ?::int[], ?::int[],
                            ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[])
                     as n(commit_lsn, end_lsn, xid, committed_at, change_index, source_table, operation, source_key,
                          former_key, class, problem, detail, parked_behind, payload, writes)
              on conflict (commit_lsn, change_index) do update
                 set state = 'OPEN',
                     class = excluded.class,
                     problem = excluded.problem,
                     detail = excluded.detail,
                     parked_behind = excluded.parked_behind,
                     payload = coalesce(excluded.payload, d.payload),
                     writes = coalesce(excluded.writes, d.writes),
                     decided_at = null,
                     decided_by = null,
                     reason = null
               where d.state = 'RELEASED'
              returning id, commit_lsn, change_index, source_table, source_key, former_key)
            insert into shadow.parked_key (source_table, source_key, commit_lsn, change_index, letter_id)
            select p.source_table, k.key, p.commit_lsn, p.change_index, p.id
              from parked p
             cross join lateral (values (p.source_key), (p.former_key)) k(key)
             where k.key is not null
            on conflict do nothing
            """;

    private static final String DECIDE = """
            update shadow.dead_letter
               set state = ?,
                   decided_at = clock_timestamp(),
                   decided_by = ?,
                   reason = ?,
                   attempts = attempts + ?
             where id = any(?)
            """;

    private static final String REFUSED = """
            update shadow.dead_letter
               set attempts = attempts + 1,
                   problem = ?,
                   detail = ?
             where id = ?
            """;

    private static final String CORRECT = """
            update shadow.dead_letter
               set corrected = coalesce(?::json, corrected),
                   note = coalesce(?, note),
                   decided_by = ?
             where id = ?
            """;

    private static final String FORGET_KEYS = "delete from shadow.parked_key where letter_id = any(?)";

    private static final String CLOSE_KEYS = "update shadow.parked_key set open = false where letter_id = any(?)";

    private static final String COUNT_OPEN = "select count(*) from shadow.dead_letter where state = 'OPEN'";

    private final ShadowDatabase database;
    private final Dictionary dictionary;
    private final int mostOpen;

    Letters(ShadowDatabase database, Dictionary dictionary, int mostOpen) {
        this.database = database;
        this.dictionary = dictionary;
        this.mostOpen = mostOpen;
    }

    Optional<StoredLetter> find(Event event) {
        return database.jdbc()
                .sql(SELECT + "where d.commit_lsn = ?::pg_lsn and d.change_index = ?")
                .param(event.commitLsn().asString())
                .param(event.changeIndex())
                .query((row, _) -> read(row))
                .optional();
    }

    /** The letter, or DEAD_LETTER_UNKNOWN. */
    StoredLetter require(long id) {
        return database.jdbc()
                .sql(SELECT + "where d.id = ?")
                .param(id)
                .query((row, _) -> read(row))
                .optional()
                .orElseThrow(() ->
                        new ShadowProblem(ProblemType.DEAD_LETTER_UNKNOWN, "there is no dead letter %d".formatted(id)));
    }

    /** Those letters, in the order of the stream. */
    List<StoredLetter> all(List<Long> ids) {
        return database.jdbc()
                .sql(SELECT + "where d.id = any(?) order by d.commit_lsn, d.change_index")
                .param(SqlArrays.bigint(ids))
                .query((row, _) -> read(row))
                .list();
    }

    Waiting waiting(String sourceTable) {
        return new Waiting(database.jdbc()
                .sql(OPEN_OF_TABLE)
                .param(dictionary.table(sourceTable))
                .query((row, _) -> new Waiting.Entry(
                        row.getLong("id"),
                        event(row),
                        row.getString("source_key"),
                        row.getString("former_key"),
                        Codes.operation(row.getInt("operation"))))
                .list());
    }

    /** Stores letters; one that is there already stays as it is, unless it was released. */
    void park(List<NewLetter> letters) {
        refuseBeyondBound(letters.size());
        database.jdbc()
                .sql(PARK)
                .param(SqlArrays.lsn(map(letters, one -> one.event().commitLsn())))
                .param(SqlArrays.lsn(map(letters, NewLetter::endLsn)))
                .param(SqlArrays.bigint(map(letters, NewLetter::xid)))
                .param(SqlArrays.text(map(letters, one -> one.committedAt().toString())))
                .param(SqlArrays.integer(map(letters, one -> one.event().changeIndex())))
                .param(SqlArrays.integer(map(letters, one -> dictionary.table(one.sourceTable()))))
                .param(SqlArrays.integer(map(letters, one -> Codes.of(one.operation()))))
                .param(texts(letters, NewLetter::sourceKey))
                .param(texts(letters, NewLetter::formerKey))
                .param(texts(letters, one -> one.letterClass().name()))
                .param(texts(letters, NewLetter::problem))
                .param(texts(letters, NewLetter::detail))
                .param(texts(letters, one -> one.parkedBehind() == null ? null : String.valueOf(one.parkedBehind())))
                .param(texts(letters, NewLetter::payload))
                .param(texts(letters, one -> json(one.writes())))
                .update();
    }

    private void refuseBeyondBound(int more) {
        long open = database.jdbc().sql(COUNT_OPEN).query(Long.class).single();
        if (open + more > mostOpen) {
            throw new ShadowProblem(
                    ProblemType.DEAD_LETTERS_FULL,
                    "%d changes are parked and %d more would be, at most %d may; replay or resolve letters (GET /shadow/dlq?state=OPEN), or raise shadow.dead-letters.most-open"
                            .formatted(open, more, mostOpen));
        }
    }

    /** Applied, by a replay. */
    void replayed(List<Long> ids, Decision by) {
        decide(ids, LetterState.REPLAYED, by, 1);
        run(FORGET_KEYS, ids);
    }

    /** Left to the stream. */
    void released(long id, Decision by) {
        decide(List.of(id), LetterState.RELEASED, by, 0);
        run(FORGET_KEYS, List.of(id));
    }

    /** Given up; what the stream has not passed yet it must still be kept from applying. */
    void resolved(List<StoredLetter> letters, LogSequenceNumber position, Decision by) {
        decide(letters.stream().map(StoredLetter::id).toList(), LetterState.RESOLVED, by, 0);
        run(CLOSE_KEYS, ids(letters, position, false));
        run(FORGET_KEYS, ids(letters, position, true));
    }

    private static List<Long> ids(List<StoredLetter> letters, LogSequenceNumber position, boolean passed) {
        return letters.stream()
                .filter(letter -> letter.event().commitLsn().compareTo(position) < 0 == passed)
                .map(StoredLetter::id)
                .toList();
    }

    private void decide(List<Long> ids, LetterState state, Decision by, int attempts) {
        database.jdbc()
                .sql(DECIDE)
                .param(state.name())
                .param(by.who())
                .param(by.reason())
                .param(attempts)
                .param(SqlArrays.bigint(ids))
                .update();
    }

    /** The stream has passed letters that were given up; it needs no reminder any more. */
    void passed(List<Long> ids) {
        run(FORGET_KEYS, ids);
    }

    private void run(String sql, List<Long> ids) {
        if (!ids.isEmpty()) {
            database.jdbc().sql(sql).param(SqlArrays.bigint(ids)).update();
        }
    }

    /** A replay did not get past it. */
    void refused(long id, String problem, String detail) {
        database.jdbc().sql(REFUSED).param(problem).param(detail).param(id).update();
    }

    void correct(long id, @Nullable List<ShadowWrite> writes, @Nullable String note, String who) {
        database.jdbc()
                .sql(CORRECT)
                .param(json(writes))
                .param(note)
                .param(who)
                .param(id)
                .update();
    }

    private static <T> List<T> map(List<NewLetter> letters, Function<NewLetter, T> field) {
        return letters.stream().map(field).toList();
    }

    private static SqlArrayValue texts(List<NewLetter> letters, Function<NewLetter, @Nullable String> field) {
        List<@Nullable String> texts = new ArrayList<>(letters.size());
        letters.forEach(letter -> texts.add(field.apply(letter)));
        return SqlArrays.text(texts);
    }

    static @Nullable String json(@Nullable List<ShadowWrite> writes) {
        return writes == null ? null : WireJson.mapper().writeValueAsString(writes);
    }

    static @Nullable List<ShadowWrite> writes(@Nullable String json) {
        return json == null ? null : Arrays.asList(WireJson.mapper().readValue(json, ShadowWrite[].class));
    }

    private static Event event(ResultSet row) throws SQLException {
        return new Event(lsn(row, "commit_lsn"), row.getInt("change_index"));
    }

    static LogSequenceNumber lsn(ResultSet row, String column) throws SQLException {
        return LogSequenceNumber.valueOf(Objects.requireNonNull(row.getString(column)));
    }

    private static StoredLetter read(ResultSet row) throws SQLException {
        return new StoredLetter(
                row.getLong("id"),
                event(row),
                lsn(row, "end_lsn"),
                row.getLong("xid"),
                row.getObject("committed_at", OffsetDateTime.class).toInstant(),
                row.getString("source_table"),
                row.getString("source_key"),
                row.getString("former_key"),
                Codes.operation(row.getInt("operation")),
                LetterClass.valueOf(row.getString("class")),
                LetterState.valueOf(row.getString("state")),
                writes(row.getString("writes")),
                row.getBoolean("corrected"));
    }
}
