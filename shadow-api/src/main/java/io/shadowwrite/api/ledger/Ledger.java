package io.shadowwrite.api.ledger;

import io.shadowwrite.api.database.Codes;
import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.database.SqlArrays;
import io.shadowwrite.protocol.Disposition;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.Receipt;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Side;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.support.SqlArrayValue;

/** Writes {@code shadow.event_ledger}; in the caller's transaction. Thread-safe. */
public final class Ledger {

    private static final String INSERT = """
            insert into shadow.event_ledger (side, commit_lsn, change_index, xid, source_table, operation, source_key,
                                             digest0, digest1, disposition)
            select ?::smallint, r.commit_lsn, r.change_index, r.xid, r.source_table::smallint, r.operation::smallint,
                   r.source_key, r.digest0, r.digest1, r.disposition::smallint
              from unnest(?::pg_lsn[], ?::int[], ?::bigint[], ?::int[], ?::int[], ?::text[], ?::bigint[], ?::bigint[],
                          ?::int[])
                   as r(commit_lsn, change_index, xid, source_table, operation, source_key, digest0, digest1,
                        disposition)
            """;

    private static final String UNLESS_THERE = " on conflict (side, commit_lsn, change_index) do nothing";

    private static final String CONTRADICTED = """
            select r.commit_lsn::text || ' change ' || r.change_index
              from unnest(?::pg_lsn[], ?::int[], ?::bigint[], ?::bigint[])
                   as r(commit_lsn, change_index, digest0, digest1)
              join shadow.event_ledger e
                on e.side = ?::smallint
               and e.commit_lsn = r.commit_lsn
               and e.change_index = r.change_index
             where (e.digest0, e.digest1) <> (r.digest0, r.digest1)
             limit 1
            """;

    private final ShadowDatabase database;
    private final Dictionary dictionary;

    /** Receipts of one side, column by column. Belongs to one request. */
    public final class Rows {

        private final Side side;
        private final List<LogSequenceNumber> commitLsns = new ArrayList<>();
        private final List<Integer> changeIndexes = new ArrayList<>();
        private final List<Long> xids = new ArrayList<>();
        private final List<Integer> tables = new ArrayList<>();
        private final List<Integer> operations = new ArrayList<>();
        private final List<String> sourceKeys = new ArrayList<>();
        private final List<Long> digests0 = new ArrayList<>();
        private final List<Long> digests1 = new ArrayList<>();
        private final List<@Nullable Integer> dispositions = new ArrayList<>();

        private Rows(Side side) {
            this.side = side;
        }

        /** One more receipt. */
        public void add(Receipt receipt, @Nullable Disposition disposition) {
            commitLsns.add(receipt.commitLsn());
            changeIndexes.add(receipt.changeIndex());
            xids.add(receipt.xid());
            tables.add(dictionary.table(receipt.sourceTable()));
            operations.add(Codes.of(receipt.operation()));
            sourceKeys.add(receipt.sourceKey());
            digests0.add(half(receipt.digest(), 0));
            digests1.add(half(receipt.digest(), 16));
            dispositions.add(disposition == null ? null : Codes.of(disposition));
        }

        /** Stores receipts that cannot be there yet; one that is, is BROKEN_INVARIANT, because the position should have told. */
        public void store() {
            try {
                insert("");
            } catch (DuplicateKeyException e) {
                throw new ShadowProblem(
                        ProblemType.BROKEN_INVARIANT,
                        "a change of the batch at or above the stored position has a receipt already",
                        e);
            }
        }

        /** Stores what is not there yet; a receipt that is there with another digest is BROKEN_INVARIANT. */
        public void storeUnlessThere() {
            int added = insert(UNLESS_THERE);
            if (added < commitLsns.size()) {
                refuseContradiction();
            }
        }

        private int insert(String onConflict) {
            if (commitLsns.isEmpty()) {
                return 0;
            }
            SqlArrayValue[] parameters = {
                SqlArrays.lsn(commitLsns),
                SqlArrays.integer(changeIndexes),
                SqlArrays.bigint(xids),
                SqlArrays.integer(tables),
                SqlArrays.integer(operations),
                SqlArrays.text(sourceKeys),
                SqlArrays.bigint(digests0),
                SqlArrays.bigint(digests1),
                SqlArrays.integer(dispositions)
            };
            return database.jdbc()
                    .sql(INSERT + onConflict)
                    .param(Codes.of(side))
                    .params((Object[]) parameters)
                    .update();
        }

        private void refuseContradiction() {
            database.jdbc()
                    .sql(CONTRADICTED)
                    .param(SqlArrays.lsn(commitLsns))
                    .param(SqlArrays.integer(changeIndexes))
                    .param(SqlArrays.bigint(digests0))
                    .param(SqlArrays.bigint(digests1))
                    .param(Codes.of(side))
                    .query(String.class)
                    .optional()
                    .ifPresent(event -> {
                        throw new ShadowProblem(
                                ProblemType.BROKEN_INVARIANT,
                                "the event at %s has a receipt with another digest".formatted(event));
                    });
        }
    }

    public Ledger(ShadowDatabase database, Dictionary dictionary) {
        this.database = database;
        this.dictionary = dictionary;
    }

    public Rows rows(Side side) {
        return new Rows(side);
    }

    private static long half(String digest, int start) {
        try {
            if (digest.length() == 32) {
                return Long.parseUnsignedLong(digest, start, start + 16, 16);
            }
        } catch (NumberFormatException notHex) {
            // The same refusal as for a wrong length.
        }
        throw new ShadowProblem(ProblemType.MALFORMED_REQUEST, "a digest is 32 hex digits");
    }
}
