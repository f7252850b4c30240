package io.shadowwrite.api.ledger;

import io.shadowwrite.api.database.ArrayColumn;
import io.shadowwrite.api.database.Codes;
import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.metrics.ApiMetrics;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.Disposition;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.Receipt;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.List;
import org.postgresql.replication.LogSequenceNumber;
import org.springframework.dao.DuplicateKeyException;

/** Writes {@code shadow.event_ledger}; in the caller's transaction. Thread-safe. */
public final class Ledger {

    private static final String INSERT = """
            insert into shadow.event_ledger (side, commit_lsn, xid, digest0, digest1, change_index, source_table,
                                             operation, disposition, source_key)
            select ?::smallint, unnest(?::pg_lsn[]), unnest(?::bigint[]), unnest(?::bigint[]), unnest(?::bigint[]),
                   unnest(?::int[]), unnest(?::smallint[]), unnest(?::smallint[]), unnest(?::smallint[]),
                   unnest(?::text[])
            """;

    private static final String UNLESS_THERE = " on conflict (side, commit_lsn, change_index) do nothing";

    private static final String CONTRADICTED = """
            select r.commit_lsn::text || ' change ' || r.change_index
              from (select unnest(?::pg_lsn[]) as commit_lsn, unnest(?::int[]) as change_index,
                           unnest(?::bigint[]) as digest0, unnest(?::bigint[]) as digest1) as r
              join shadow.event_ledger e
                on e.side = ?::smallint
               and e.commit_lsn = r.commit_lsn
               and e.change_index = r.change_index
             where (e.digest0, e.digest1) <> (r.digest0, r.digest1)
             limit 1
            """;

    /** One statement, because receipts are dropped together with what says so. */
    private static final String REPEATED = """
            select d.dropped_below::text as dropped_below,
                   (select count(*)
                      from shadow.event_ledger e
                     where e.side = ?::smallint
                       and e.commit_lsn between ?::pg_lsn and ?::pg_lsn
                       and e.commit_lsn >= d.dropped_below) as receipts
              from (select coalesce(max(dropped_below), '0/0') as dropped_below from shadow.conservation) as d
            """;

    private final ShadowDatabase database;
    private final Dictionary dictionary;
    private final ApiMetrics metrics;

    /** Receipts of one side, column by column. Belongs to one request. */
    public final class Rows {

        private final Side side;
        private final ArrayColumn commitLsns = ArrayColumn.lsns();
        private final ArrayColumn xids = ArrayColumn.bigints();
        private final ArrayColumn digests0 = ArrayColumn.bigints();
        private final ArrayColumn digests1 = ArrayColumn.bigints();
        private final ArrayColumn changeIndexes = ArrayColumn.integers();
        private final ArrayColumn tables = ArrayColumn.smallints();
        private final ArrayColumn operations = ArrayColumn.smallints();
        private final ArrayColumn dispositions = ArrayColumn.smallints();
        private final ArrayColumn sourceKeys = ArrayColumn.texts();

        private final Judged judged = new Judged();

        private Rows(Side side) {
            this.side = side;
        }

        /** One more receipt of a reader that judges nothing. */
        public void add(Receipt receipt) {
            add(receipt.commitLsn(), receipt.xid(), receipt.digest(), receipt.changeIndex());
            add(receipt.sourceTable(), receipt.operation(), receipt.sourceKey());
            dispositions.addNull();
        }

        /** The receipt of a change that was dealt with. */
        public void add(TransactionWrites transaction, ChangeWrites change, Disposition disposition) {
            add(transaction.commitLsn(), transaction.xid(), change.digest(), change.changeIndex());
            add(change.sourceTable(), change.operation(), change.sourceKey());
            dispositions.add(Codes.of(disposition));
            judged.add(change.operation(), disposition, 1);
        }

        private void add(LogSequenceNumber commitLsn, long xid, String digest, int changeIndex) {
            commitLsns.add(commitLsn);
            xids.add(xid);
            digests0.add(half(digest, 0));
            digests1.add(half(digest, 16));
            changeIndexes.add(changeIndex);
        }

        private void add(String sourceTable, Operation operation, String sourceKey) {
            tables.add(dictionary.table(sourceTable));
            operations.add(Codes.of(operation));
            sourceKeys.add(sourceKey);
        }

        /** What became of the changes so far. */
        public Judged judged() {
            return judged;
        }

        /** Stores receipts that cannot be there yet; one that is, is BROKEN_INVARIANT, because the position should have told. */
        public void store() {
            try {
                insert("");
                metrics.judged(judged.byDisposition());
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
            metrics.attested(added);
            if (added < commitLsns.size()) {
                refuseContradiction();
            }
        }

        private int insert(String onConflict) {
            if (commitLsns.size() == 0) {
                return 0;
            }
            return database.jdbc()
                    .sql(INSERT + onConflict)
                    .param(Codes.of(side))
                    .param(commitLsns.parameter())
                    .param(xids.parameter())
                    .param(digests0.parameter())
                    .param(digests1.parameter())
                    .param(changeIndexes.parameter())
                    .param(tables.parameter())
                    .param(operations.parameter())
                    .param(dispositions.parameter())
                    .param(sourceKeys.parameter())
                    .update();
        }

        private void refuseContradiction() {
            database.jdbc()
                    .sql(CONTRADICTED)
                    .param(commitLsns.parameter())
                    .param(changeIndexes.parameter())
                    .param(digests0.parameter())
                    .param(digests1.parameter())
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

    public Ledger(ShadowDatabase database, Dictionary dictionary, ApiMetrics metrics) {
        this.database = database;
        this.dictionary = dictionary;
        this.metrics = metrics;
    }

    public Rows rows(Side side) {
        return new Rows(side);
    }

    /**
     * Which receipts the consumer left of transactions that follow each other and were applied before.
     *
     * @throws ShadowProblem BROKEN_INVARIANT when one of their changes has a receipt with another digest
     */
    public Repeated repeated(List<TransactionWrites> transactions) {
        if (transactions.isEmpty()) {
            return Repeated.NOTHING;
        }
        Rows sent = rows(Side.CONSUMER);
        transactions.forEach(transaction -> transaction
                .changes()
                .forEach(change ->
                        sent.add(transaction.commitLsn(), transaction.xid(), change.digest(), change.changeIndex())));
        sent.refuseContradiction();
        return database.jdbc()
                .sql(REPEATED)
                .param(Codes.of(Side.CONSUMER))
                .param(transactions.getFirst().commitLsn().asString())
                .param(transactions.getLast().commitLsn().asString())
                .query((row, _) -> new Repeated(
                        below(LogSequenceNumber.valueOf(row.getString("dropped_below")), transactions),
                        row.getLong("receipts")))
                .single();
    }

    private static int below(LogSequenceNumber lsn, List<TransactionWrites> transactions) {
        return Math.toIntExact(transactions.stream()
                .filter(transaction -> transaction.commitLsn().compareTo(lsn) < 0)
                .count());
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
