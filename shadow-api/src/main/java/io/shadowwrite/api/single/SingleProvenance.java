package io.shadowwrite.api.single;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.protocol.Action;
import io.shadowwrite.protocol.ShadowMetadata;
import io.shadowwrite.protocol.SingleWrite;
import java.time.ZoneOffset;
import java.util.Optional;

/** The rows of {@code provenance.transaction} that bring their own key; in the caller's transaction. Thread-safe. */
final class SingleProvenance {

    /** Write indexes of the stream are 0 and more; these go down from -1, so that a source change may have any number. */
    private static final String INSERT = """
            insert into provenance.transaction (commit_lsn, change_index, write_index, operation, channel, model,
                                                source_table, source_key, xid, committed_at, idempotency_key,
                                                payload_digest)
            select n.commit_lsn, n.change_index,
                   (select coalesce(min(t.write_index), 0) - 1
                      from provenance.transaction t
                     where t.commit_lsn = n.commit_lsn
                       and t.change_index = n.change_index
                       and t.write_index < 0),
                   ?::smallint, 3, ?::smallint, ?::smallint, ?, 0, ?, ?, ?
              from (select ?::pg_lsn as commit_lsn, ?::int as change_index) n
            """;

    private static final String FIND = """
            select payload_digest
              from provenance.transaction
             where channel = 3
               and model = ?::smallint
               and operation = ?::smallint
               and idempotency_key = ?
            """;

    private final ShadowDatabase database;
    private final Dictionary dictionary;

    SingleProvenance(ShadowDatabase database, Dictionary dictionary) {
        this.database = database;
        this.dictionary = dictionary;
    }

    /** The fingerprint under which the key was used; empty when it was not. */
    Optional<byte[]> fingerprint(SingleWrite write, Action action) {
        return database.jdbc()
                .sql(FIND)
                .param(dictionary.model(write.model()))
                .param(code(action))
                .param(write.idempotencyKey())
                .query((row, _) -> row.getBytes(1))
                .optional();
    }

    void store(SingleWrite write, Action action, byte[] fingerprint) {
        ShadowMetadata origin = write.shadowMetadata();
        database.jdbc()
                .sql(INSERT)
                .param(code(action))
                .param(dictionary.model(write.model()))
                .param(dictionary.table(origin.sourceTable()))
                .param(origin.sourcePk())
                .param(write.committedAt().atOffset(ZoneOffset.UTC))
                .param(write.idempotencyKey())
                .param(fingerprint)
                .param(origin.commitLsn().asString())
                .param(origin.changeIndexInTxn())
                .update();
    }

    private static int code(Action action) {
        return switch (action) {
            case UPSERT -> 1;
            case REMOVE -> 2;
        };
    }
}
