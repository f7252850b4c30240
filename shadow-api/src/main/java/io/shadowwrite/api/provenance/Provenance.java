package io.shadowwrite.api.provenance;

import io.shadowwrite.api.database.ArrayColumn;
import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.protocol.Action;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.springframework.dao.DuplicateKeyException;

/** Writes {@code provenance.transaction}; in the caller's transaction. Thread-safe. */
public final class Provenance {

    private static final String INSERT = """
            insert into provenance.transaction (commit_lsn, xid, committed_at, change_index, write_index, operation,
                                                channel, model, source_table, source_key)
            select unnest(?::pg_lsn[]), unnest(?::bigint[]), unnest(?::timestamptz[]), unnest(?::int[]),
                   unnest(?::smallint[]), unnest(?::smallint[]), 1::smallint, unnest(?::smallint[]),
                   unnest(?::smallint[]), unnest(?::text[])
            """;

    private final ShadowDatabase database;
    private final Dictionary dictionary;

    /** The writes of a batch that changed the target, column by column. Belongs to one request. */
    public final class Rows {

        private final ArrayColumn commitLsns = ArrayColumn.lsns();
        private final ArrayColumn xids = ArrayColumn.bigints();
        private final ArrayColumn committedAts = ArrayColumn.timestamps();
        private final ArrayColumn changeIndexes = ArrayColumn.integers();
        private final ArrayColumn writeIndexes = ArrayColumn.smallints();
        private final ArrayColumn operations = ArrayColumn.smallints();
        private final ArrayColumn models = ArrayColumn.smallints();
        private final ArrayColumn tables = ArrayColumn.smallints();
        private final ArrayColumn sourceKeys = ArrayColumn.texts();

        private Rows() {}

        /** One more write that changed the target. */
        public void add(TransactionWrites transaction, ChangeWrites change, ShadowWrite write) {
            commitLsns.add(transaction.commitLsn());
            xids.add(transaction.xid());
            committedAts.addMicros(ChronoUnit.MICROS.between(Instant.EPOCH, transaction.committedAt()));
            changeIndexes.add(change.changeIndex());
            writeIndexes.add(write.writeIndex());
            operations.add(operation(write.action()));
            models.add(dictionary.model(write.model()));
            tables.add(dictionary.table(change.sourceTable()));
            sourceKeys.add(change.sourceKey());
        }

        /** Stores writes that cannot be there yet; one that is, is BROKEN_INVARIANT. */
        public void store() {
            if (commitLsns.size() == 0) {
                return;
            }
            try {
                insert();
            } catch (DuplicateKeyException e) {
                throw new ShadowProblem(
                        ProblemType.BROKEN_INVARIANT,
                        "a write of the batch has its provenance already; provenance.transaction holds rows of another window whose LSNs overlap this one's",
                        e);
            }
        }

        private void insert() {
            database.jdbc()
                    .sql(INSERT)
                    .param(commitLsns.parameter())
                    .param(xids.parameter())
                    .param(committedAts.parameter())
                    .param(changeIndexes.parameter())
                    .param(writeIndexes.parameter())
                    .param(operations.parameter())
                    .param(models.parameter())
                    .param(tables.parameter())
                    .param(sourceKeys.parameter())
                    .update();
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
