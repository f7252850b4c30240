package io.shadowwrite.api.deadletter;

import io.shadowwrite.api.conservation.Tally;
import io.shadowwrite.api.database.Codes;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.database.SqlArrays;
import io.shadowwrite.api.provenance.Provenance;
import io.shadowwrite.api.write.Records;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.Disposition;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.replication.LogSequenceNumber;

/** The records of a replay: provenance as if the stream had applied it, and the receipts that said PARKED. */
final class ReplayRecords implements Records {

    /** A receipt that retention has dropped stays away: its window is attested. */
    private static final String SETTLE = """
            update shadow.event_ledger e
               set disposition = r.disposition::smallint
              from unnest(?::pg_lsn[], ?::int[], ?::int[]) as r(commit_lsn, change_index, disposition)
             where e.side = 1
               and e.commit_lsn = r.commit_lsn
               and e.change_index = r.change_index
               and e.disposition = 4
            returning e.commit_lsn::text, e.disposition
            """;

    private final ShadowDatabase database;
    private final Provenance.Rows changed;
    private final Tally tally;
    private final LogSequenceNumber counted;
    private final List<LogSequenceNumber> commitLsns = new ArrayList<>();
    private final List<Integer> changeIndexes = new ArrayList<>();
    private final List<Integer> dispositions = new ArrayList<>();

    /** @param counted what {@link Tally#lock} has answered in this transaction */
    ReplayRecords(ShadowDatabase database, Provenance.Rows changed, Tally tally, LogSequenceNumber counted) {
        this.database = database;
        this.changed = changed;
        this.tally = tally;
        this.counted = counted;
    }

    @Override
    public void written(TransactionWrites transaction, ChangeWrites change, ShadowWrite write) {
        changed.add(transaction, change, write);
    }

    @Override
    public void changed(TransactionWrites transaction, ChangeWrites change, boolean effective) {
        commitLsns.add(transaction.commitLsn());
        changeIndexes.add(change.changeIndex());
        dispositions.add(Codes.of(effective ? Disposition.APPLIED : Disposition.NO_OP));
    }

    @Override
    public void store() {
        changed.store();
        List<LogSequenceNumber> settled = new ArrayList<>();
        List<Integer> now = new ArrayList<>();
        database.jdbc()
                .sql(SETTLE)
                .param(SqlArrays.lsn(commitLsns))
                .param(SqlArrays.integer(changeIndexes))
                .param(SqlArrays.integer(dispositions))
                .query(row -> {
                    settled.add(Letters.lsn(row, "commit_lsn"));
                    now.add(row.getInt("disposition"));
                });
        tally.settled(settled, now, counted);
    }
}
