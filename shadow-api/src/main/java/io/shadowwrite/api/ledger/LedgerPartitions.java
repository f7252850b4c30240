package io.shadowwrite.api.ledger;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.problem.SqlProblem;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Makes partitions of the ledger before they are needed, in transactions of their own: attaching needs a lock that a
 * writer must not wait for half way. Thread-safe.
 */
public final class LedgerPartitions {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerPartitions.class);

    /** Any constant of our own; two instances must not make the same partition at once. */
    private static final long LOCK = 7_300_931_557_001L;

    private final ShadowDatabase database;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    public LedgerPartitions(ShadowDatabase database) {
        this.database = database;
    }

    /**
     * Does what stores receipts of these events. A partition that is missing all the same was taken away behind our back, as when
     * the target is restored to an older state: then nothing that is known counts any more, and it is done once again.
     *
     * @param work in transactions of its own; what it did before it failed must do no harm when it is done again
     */
    public <T> T covering(List<LogSequenceNumber> commitLsns, long widthBytes, Supplier<T> work) {
        cover(commitLsns, widthBytes);
        try {
            return work.get();
        } catch (DataAccessException e) {
            SqlProblem sql = SqlProblem.of(e);
            if (sql == null || !sql.missesPartition()) {
                throw e;
            }
            LOG.warn("A partition of shadow.event_ledger is gone that was there; it is made again");
        }
        known.clear();
        cover(commitLsns, widthBytes);
        return work.get();
    }

    /** Asks the target for these partitions, whatever is known of them, and makes what is missing. */
    public void coverAnew(List<LogSequenceNumber> commitLsns, long widthBytes) {
        known.clear();
        cover(commitLsns, widthBytes);
    }

    /** Makes what is missing of the partitions of these events, and the one after the last ahead of its use. */
    public void cover(List<LogSequenceNumber> commitLsns, long widthBytes) {
        if (commitLsns.isEmpty()) {
            return;
        }
        long last = -1;
        for (LogSequenceNumber commitLsn : commitLsns) {
            long number = Long.divideUnsigned(commitLsn.asLong(), widthBytes);
            if (number != last) {
                make(number, widthBytes);
                last = number;
            }
        }
        make(last + 1, widthBytes);
    }

    private void make(long number, long widthBytes) {
        String start = LogSequenceNumber.valueOf(number * widthBytes).asString();
        if (known.contains(start)) {
            return;
        }
        String end = LogSequenceNumber.valueOf((number + 1) * widthBytes).asString();
        String name = "event_ledger_" + String.format("%016x", number * widthBytes);
        database.inTransaction(() -> {
            attach(name, start, end);
            return name;
        });
        known.add(start);
    }

    /** Made apart and then attached, because that does not lock out readers of the ledger as CREATE … PARTITION OF would. */
    private void attach(String name, String start, String end) {
        database.jdbc().sql("select pg_advisory_xact_lock(?)").param(LOCK).query(row -> {});
        boolean exists = database.jdbc()
                .sql("select to_regclass('shadow.' || ?) is not null")
                .param(name)
                .query(Boolean.class)
                .single();
        if (exists) {
            return;
        }
        database.jdbc()
                .sql("create table shadow.%s (like shadow.event_ledger including defaults)".formatted(name))
                .update();
        database.jdbc()
                .sql("alter table shadow.event_ledger attach partition shadow.%s for values from ('%s') to ('%s')"
                        .formatted(name, start, end))
                .update();
    }
}
