package io.shadowwrite.api.provenance;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.database.SqlArrays;
import io.shadowwrite.protocol.Action;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.replication.LogSequenceNumber;
import org.springframework.jdbc.support.SqlArrayValue;

/** Writes {@code provenance.transaction}; in the caller's transaction. Thread-safe. */
public final class Provenance {

    private static final String INSERT = """
            insert into provenance.transaction (commit_lsn, change_index, write_index, operation, channel,
                                                model, source_table, source_key, xid, committed_at)
            select w.commit_lsn, w.change_index, w.write_index::smallint, w.operation::smallint, 1::smallint,
                   w.model::smallint, w.source_table::smallint, w.source_key, w.xid, w.committed_at
              from unnest(?::pg_lsn[], ?::int[], ?::int[], ?::int[], ?::int[], ?::int[], ?::text[], ?::bigint[],
                          ?::timestamptz[])
                   as w(commit_lsn, change_index, write_index, operation, model, source_table, source_key, xid,
                        committed_at)
            """;

    private final ShadowDatabase database;
    private final Dictionary dictionary;

    /** The writes of a batch that changed the target, column by column. Belongs to one request. */
    public final class Rows {

        private final List<LogSequenceNumber> commitLsns = new ArrayList<>();
        private final List<Integer> changeIndexes = new ArrayList<>();
        private final List<Integer> writeIndexes = new ArrayList<>();
        private final List<Integer> operations = new ArrayList<>();
        private final List<Integer> models = new ArrayList<>();
        private final List<Integer> tables = new ArrayList<>();
        private final List<String> sourceKeys = new ArrayList<>();
        private final List<Long> xids = new ArrayList<>();
        private final List<String> committedAts = new ArrayList<>();

        private Rows() {}

        /** One more write that changed the target. */
        public void add(TransactionWrites transaction, ChangeWrites change, ShadowWrite write) {
            commitLsns.add(transaction.commitLsn());
            changeIndexes.add(change.changeIndex());
            writeIndexes.add(write.writeIndex());
            operations.add(operation(write.action()));
            models.add(dictionary.model(write.model()));
            tables.add(dictionary.table(change.sourceTable()));
            sourceKeys.add(change.sourceKey());
            xids.add(transaction.xid());
            committedAts.add(transaction.committedAt().toString());
        }

        public void store() {
            if (commitLsns.isEmpty()) {
                return;
            }
            SqlArrayValue[] parameters = {
                SqlArrays.lsn(commitLsns),
                SqlArrays.integer(changeIndexes),
                SqlArrays.integer(writeIndexes),
                SqlArrays.integer(operations),
                SqlArrays.integer(models),
                SqlArrays.integer(tables),
                SqlArrays.text(sourceKeys),
                SqlArrays.bigint(xids),
                SqlArrays.text(committedAts)
            };
            database.jdbc().sql(INSERT).params((Object[]) parameters).update();
        }
    }

    public Provenance(ShadowDatabase database, Dictionary dictionary) {
        this.database = database;
        this.dictionary = dictionary;
    }

    public Rows rows() {
        return new Rows();
    }

    private static int operation(Action action) {
        return switch (action) {
            case UPSERT -> 1;
            case REMOVE -> 2;
        };
    }
}
