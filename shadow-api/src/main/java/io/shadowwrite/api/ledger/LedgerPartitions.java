package io.shadowwrite.api.ledger;

import io.shadowwrite.api.database.ShadowDatabase;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Makes partitions of the ledger before they are needed, in transactions of their own: attaching needs a lock that a
 * writer must not wait for half way. Thread-safe.
 */
public final class LedgerPartitions {

    /** Any constant of our own; two instances must not make the same partition at once. */
    private static final long LOCK = 7_300_931_557_001L;

    private final ShadowDatabase database;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    public LedgerPartitions(ShadowDatabase database) {
        this.database = database;
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
