package io.shadowwrite.api.conservation;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.database.SqlArrays;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Writes {@code shadow.conservation} and {@code shadow.unconserved}; in the caller's transaction. Its row is locked by
 * whoever counts receipts and by whoever changes one that was counted, so that neither misses the other. Thread-safe.
 *
 * <p>The order of locks: this row first, then the window's. Who counts takes no other lock; who replays waits here, before
 * the window's lock makes the stream wait for it.
 */
public final class Tally {

    private static final String BEGIN = """
            insert into shadow.conservation (from_lsn, below_lsn)
            select baseline, baseline
              from (select greatest(consumer_baseline, verifier_baseline) as baseline
                      from shadow.backfill_state) window_begin
            on conflict do nothing
            """;

    private static final String LOCK = "select below_lsn::text from shadow.conservation for update";

    private static final String LOCK_IF_FREE = LOCK + " skip locked";

    private static final String READERS_BELOW =
            "select min(position)::text from shadow.reader_position having count(*) > 0";

    private static final String FULL_AT = """
            select commit_lsn::text
              from ((select commit_lsn
                       from shadow.event_ledger
                      where side = 1
                        and commit_lsn >= ?::pg_lsn
                        and commit_lsn < ?::pg_lsn
                      order by commit_lsn, change_index
                     offset ?
                      limit 1)
                    union all
                    (select commit_lsn
                       from shadow.event_ledger
                      where side = 2
                        and commit_lsn >= ?::pg_lsn
                        and commit_lsn < ?::pg_lsn
                      order by commit_lsn, change_index
                     offset ?
                      limit 1)) as too_many
             order by too_many.commit_lsn
             limit 1
            """;

    /** A quarter of a billion changes of one transaction, on a free core. */
    private static final Duration LONGEST_COUNT = Duration.ofMinutes(10);

    /**
     * Both sides by source transaction, each along its primary key. As many receipts as the last ordinal says are all of
     * them, and as many on both sides are then the same ones. What was applied has left provenance, and what is parked
     * has its letter.
     */
    private static final String COUNT = """
            with consumer as (
              select commit_lsn,
                     count(*) as changes,
                     max(change_index) as last,
                     count(*) filter (where disposition = 1) as applied,
                     count(*) filter (where disposition = 2) as no_op,
                     count(*) filter (where disposition = 3) as filtered,
                     count(*) filter (where disposition = 4) as parked
                from shadow.event_ledger
               where side = 1
                 and commit_lsn >= ?::pg_lsn
                 and commit_lsn < ?::pg_lsn
               group by commit_lsn),
            slot_reader as (
              select commit_lsn, count(*) as changes, max(change_index) as last
                from shadow.event_ledger
               where side = 2
                 and commit_lsn >= ?::pg_lsn
                 and commit_lsn < ?::pg_lsn
               group by commit_lsn),
            written as (
              select commit_lsn, count(*) as changes
                from (select distinct commit_lsn, change_index
                        from provenance.transaction
                       where channel = 1
                         and commit_lsn >= ?::pg_lsn
                         and commit_lsn < ?::pg_lsn) change
               group by commit_lsn),
            letter as (
              select commit_lsn, count(*) as changes
                from shadow.dead_letter
               where state in ('OPEN', 'RESOLVED')
                 and commit_lsn >= ?::pg_lsn
                 and commit_lsn < ?::pg_lsn
               group by commit_lsn),
            counted as (
              select commit_lsn,
                     coalesce(s.changes, 0) as decoded,
                     coalesce(s.last + 1, 0) as last_decoded,
                     coalesce(c.changes, 0) as judged,
                     coalesce(c.last + 1, 0) as last_judged,
                     coalesce(c.applied, 0) as applied,
                     coalesce(c.no_op, 0) as no_op,
                     coalesce(c.filtered, 0) as filtered,
                     coalesce(c.parked, 0) as parked,
                     coalesce(w.changes, 0) as written,
                     coalesce(l.changes, 0) as letters
                from slot_reader s
                full join consumer c using (commit_lsn)
                full join written w using (commit_lsn)
                full join letter l using (commit_lsn)),
            compared as (
              select t.*,
                     decoded = last_decoded
                     and judged = last_judged
                     and decoded = judged
                     and judged = applied + no_op + filtered + parked
                     and applied = written
                     and parked = letters as whole
                from counted t),
            broken as (
              insert into shadow.unconserved (commit_lsn, decoded, applied, no_op, filtered, parked, detail)
              select commit_lsn, decoded, applied, no_op, filtered, parked,
                     format('slot reader: %s receipts, last change %s; consumer: %s receipts, last change %s; '
                                || '%s applied, of %s there is provenance; %s parked, of %s there is a letter',
                            decoded, last_decoded - 1, judged, last_judged - 1, applied, written, parked, letters)
                from compared
               where not whole
              on conflict (commit_lsn) do nothing)
            update shadow.conservation c
               set below_lsn = greatest(c.below_lsn, ?::pg_lsn),
                   decoded = c.decoded + n.decoded,
                   applied = c.applied + n.applied,
                   no_op = c.no_op + n.no_op,
                   filtered = c.filtered + n.filtered,
                   parked = c.parked + n.parked,
                   checked_at = case when c.below_lsn < ?::pg_lsn then clock_timestamp() else c.checked_at end
              from (select coalesce(sum(decoded), 0) as decoded,
                           coalesce(sum(applied), 0) as applied,
                           coalesce(sum(no_op), 0) as no_op,
                           coalesce(sum(filtered), 0) as filtered,
                           coalesce(sum(parked), 0) as parked
                      from compared
                     where whole) n
            """;

    private static final String COUNT_BROKEN = "select count(*) from shadow.unconserved";

    private static final String COUNTED_JUST_NOW =
            "select exists (select from shadow.conservation where checked_at > clock_timestamp() - interval '1 second')";

    private static final String TAKE_BROKEN = """
            delete from shadow.unconserved
             where commit_lsn in (select commit_lsn
                                    from shadow.unconserved
                                   where checked_at < clock_timestamp() - interval '1 minute'
                                   order by checked_at, commit_lsn
                                   limit 1)
            returning commit_lsn::text
            """;

    private static final String SETTLED = """
            update shadow.conservation c
               set parked = c.parked - n.changes,
                   applied = c.applied + n.applied,
                   no_op = c.no_op + n.changes - n.applied
              from (select count(*) as changes, count(*) filter (where r.disposition = 1) as applied
                      from unnest(?::pg_lsn[], ?::int[]) as r(commit_lsn, disposition)
                     where r.commit_lsn < ?::pg_lsn
                       and not exists (select from shadow.unconserved u where u.commit_lsn = r.commit_lsn)) n
            """;

    private final ShadowDatabase database;

    public Tally(ShadowDatabase database) {
        this.database = database;
    }

    /** Makes the row; false when it is there, or no window is open. */
    boolean begin() {
        return database.jdbc().sql(BEGIN).update() == 1;
    }

    /** Up to where it has been counted; null when nothing ever was, or somebody else is counting. */
    @Nullable LogSequenceNumber lockIfFree() {
        return below(LOCK_IF_FREE);
    }

    /**
     * Waits for whoever counts; to be called before receipts are changed, and before the window is locked.
     *
     * @return up to where it has been counted; null when no window is open
     */
    public @Nullable LogSequenceNumber lock() {
        LogSequenceNumber below = below(LOCK);
        if (below != null) {
            return below;
        }
        // Without a row to lock somebody could begin to count beside us.
        begin();
        return below(LOCK);
    }

    private @Nullable LogSequenceNumber below(String sql) {
        return lsn(database.jdbc().sql(sql).query(String.class).optional().orElse(null));
    }

    /** Everything below it is stored by both readers; null when no window is open. */
    @Nullable LogSequenceNumber readersBelow() {
        return below(READERS_BELOW);
    }

    /**
     * Where a count from there must end, lest it be about more than so many receipts of a side; but a transaction is
     * counted whole, however many it has.
     */
    LogSequenceNumber endOfWindow(LogSequenceNumber from, LogSequenceNumber to, int most) {
        String begin = from.asString();
        String end = to.asString();
        LogSequenceNumber full = lsn(database.jdbc()
                .sql(FULL_AT)
                .params(begin, end, most, begin, end, most)
                .query(String.class)
                .optional()
                .orElse(null));
        if (full == null) {
            return to;
        }
        return full.equals(from) ? LogSequenceNumber.valueOf(from.asLong() + 1) : full;
    }

    /** Counts the transactions that committed in {@code [from, to)}, for the first time or again after {@link #takeBroken}. */
    void count(LogSequenceNumber from, LogSequenceNumber to) {
        // Nobody but another count and a replay waits for it, and neither has anything locked.
        database.allowStatements(LONGEST_COUNT);
        String begin = from.asString();
        String end = to.asString();
        database.jdbc()
                .sql(COUNT)
                .params(begin, end, begin, end, begin, end, begin, end, end, end)
                .update();
    }

    /** By whichever process. */
    boolean countedJustNow() {
        return database.jdbc().sql(COUNTED_JUST_NOW).query(Boolean.class).single();
    }

    long broken() {
        return database.jdbc().sql(COUNT_BROKEN).query(Long.class).single();
    }

    /**
     * Forgets a transaction that was not whole, the one counted the longest time ago; it must be counted again. Null when
     * all of them were counted of late.
     */
    @Nullable LogSequenceNumber takeBroken() {
        return lsn(
                database.jdbc().sql(TAKE_BROKEN).query(String.class).optional().orElse(null));
    }

    /**
     * Changes that were parked are not any more.
     *
     * @param commitLsns of each
     * @param dispositions codes of what each is now: applied or no operation
     * @param below what {@link #lock} has answered
     */
    public void settled(List<LogSequenceNumber> commitLsns, List<Integer> dispositions, LogSequenceNumber below) {
        database.jdbc()
                .sql(SETTLED)
                .param(SqlArrays.lsn(commitLsns))
                .param(SqlArrays.integer(dispositions))
                .param(below.asString())
                .update();
    }

    private static @Nullable LogSequenceNumber lsn(@Nullable String text) {
        return text == null ? null : LogSequenceNumber.valueOf(text);
    }
}
