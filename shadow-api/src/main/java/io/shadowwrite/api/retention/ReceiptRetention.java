package io.shadowwrite.api.retention;

import io.shadowwrite.api.database.ShadowDatabase;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Drops the oldest partitions of the ledger, whole and in order, once nobody can ask for their receipts any more. It has no
 * thread of its own: the slot reader's regular report drives it. Thread-safe.
 *
 * <p>Whoever counts receipts or replays a letter holds the lock of {@code shadow.conservation}; a partition goes under the same
 * lock, in the transaction that remembers up to where they went, or stays.
 */
public final class ReceiptRetention {

    /** Single writes and reads look so far back from where the stream is, however old the receipts are. */
    public static final long LOOK_BACK_BYTES = 64L << 20;

    private static final int MOST_AT_ONCE = 8;

    private static final long NANOS_BETWEEN = 60_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(ReceiptRetention.class);

    private static final String LOCK = "select true from shadow.conservation for update skip locked";

    /** Dropping needs the ledger for itself for a moment; whoever reads it for long is not waited for, nor is anybody behind us. */
    private static final String BRIEFLY = "select set_config('lock_timeout', '200ms', true)";

    /**
     * The oldest partition, if everything in it is counted, whole, below both readers and what they have confirmed, settled,
     * and attested so long ago. What lies below a window that is attested is attested, and the windows that follow it are
     * found by their key.
     */
    private static final String OLDEST_DONE = """
            with oldest as (
              select c.relname,
                     (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \\(''([^'']+)''\\)'))[1]::pg_lsn as below
                from pg_inherits i
                join pg_class c on c.oid = i.inhrelid
               where i.inhparent = 'shadow.event_ledger'::regclass
               order by below
               limit 1)
            select o.relname, o.below::text
              from oldest o
             cross join shadow.conservation c
             cross join (select min(position) as stored, min(flushed) as confirmed
                           from shadow.reader_position
                         having count(*) = 2) r
             where o.below <= least(c.below_lsn, r.stored, r.confirmed)
               and r.stored - o.below >= ?
               and (select a.recorded_at
                      from shadow.attestation a
                     where a.from_lsn >= o.below
                     order by a.from_lsn
                     limit 1) <= clock_timestamp() - ? * interval '1 second'
               and not exists (select from shadow.unconserved where commit_lsn < o.below)
               and not exists (select
                                 from shadow.dead_letter
                                where state in ('OPEN', 'RELEASED')
                                  and commit_lsn < o.below)
            """;

    private static final String REMEMBER = """
            update shadow.conservation
               set dropped_below = greatest(dropped_below, ?::pg_lsn)
            """;

    private final ShadowDatabase database;
    private final Duration grace;
    private final long lookBackBytes;
    private final AtomicBoolean running = new AtomicBoolean();

    private volatile long dueAtNanos = System.nanoTime();

    /** A partition whose receipts nobody needs. */
    private record Done(String name, LogSequenceNumber below) {}

    /** @param grace how long receipts stay after they were attested */
    public ReceiptRetention(ShadowDatabase database, Duration grace) {
        this(database, grace, LOOK_BACK_BYTES);
    }

    ReceiptRetention(ShadowDatabase database, Duration grace, long lookBackBytes) {
        this.database = database;
        this.grace = grace;
        this.lookBackBytes = lookBackBytes;
    }

    /** Drops what is due, now and then. What hinders it is tried again, and shows as a ledger that grows. */
    public void advance() {
        if (System.nanoTime() - dueAtNanos < 0 || !running.compareAndSet(false, true)) {
            return;
        }
        try {
            dropDue();
        } catch (DataAccessException | TransactionException e) {
            LOG.info("Old receipts stay for now: {}", e.getMessage());
        } finally {
            dueAtNanos = System.nanoTime() + NANOS_BETWEEN;
            running.set(false);
        }
    }

    /** Drops some partitions; how many. */
    int dropDue() {
        int dropped = 0;
        while (dropped < MOST_AT_ONCE && database.inTransaction(this::dropOldest)) {
            dropped++;
        }
        return dropped;
    }

    /** False when there is none, or somebody counts or replays right now. */
    private boolean dropOldest() {
        Done done = database.jdbc().sql(LOCK).query(Boolean.class).optional().isPresent() ? oldestDone() : null;
        if (done == null) {
            return false;
        }
        database.jdbc().sql(BRIEFLY).query(_ -> {});
        database.jdbc().sql("drop table shadow." + done.name()).update();
        database.jdbc().sql(REMEMBER).param(done.below().asString()).update();
        LOG.info("Receipts below {} are attested and dropped", done.below().asString());
        return true;
    }

    private @Nullable Done oldestDone() {
        return database.jdbc()
                .sql(OLDEST_DONE)
                .param(lookBackBytes)
                .param(grace.toSeconds())
                .query((row, _) -> new Done(row.getString(1), LogSequenceNumber.valueOf(row.getString(2))))
                .optional()
                .orElse(null);
    }
}
