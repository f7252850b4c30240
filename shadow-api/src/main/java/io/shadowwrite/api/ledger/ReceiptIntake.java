package io.shadowwrite.api.ledger;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.protocol.Receipt;
import io.shadowwrite.protocol.ReceiptBatch;
import io.shadowwrite.protocol.Side;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.postgresql.replication.LogSequenceNumber;

/** Takes the slot reader's receipts and moves its position, in one transaction. Thread-safe. */
public final class ReceiptIntake {

    /** Other receipts wait for the end of the caller's transaction; the row is the one their last transaction left. */
    private static final String LOCK = """
            select p.position::text as position,
                   coalesce((select dropped_below from shadow.conservation), '0/0')::text as dropped_below
              from shadow.reader_position p
             where p.side = 2
               for update
            """;

    private static final String ATTESTED = """
            select exists (select from shadow.event_ledger
                            where side = 2
                              and commit_lsn = ?::pg_lsn
                              and change_index = ?)
            """;

    private static final String MOVE = """
            update shadow.reader_position
               set position = greatest(position, ?::pg_lsn)
             where side = 2
            """;

    private final ShadowDatabase database;
    private final Windows windows;
    private final Dictionary dictionary;
    private final LedgerPartitions partitions;
    private final Ledger ledger;

    /** How far the receipts go, and from where they are still there. */
    private record Stored(LogSequenceNumber position, LogSequenceNumber droppedBelow) {
        static Stored of(ResultSet row) throws SQLException {
            return new Stored(
                    LogSequenceNumber.valueOf(row.getString("position")),
                    LogSequenceNumber.valueOf(row.getString("dropped_below")));
        }
    }

    public ReceiptIntake(
            ShadowDatabase database,
            Windows windows,
            Dictionary dictionary,
            LedgerPartitions partitions,
            Ledger ledger) {
        this.database = database;
        this.windows = windows;
        this.dictionary = dictionary;
        this.partitions = partitions;
        this.ledger = ledger;
    }

    void store(ReceiptBatch batch) {
        ReceiptOrder.check(batch);
        long partitionBytes = windows.require().partitionBytes();
        if (!batch.receipts().isEmpty()) {
            dictionary.registerTables(batch.receipts().stream()
                    .map(Receipt::sourceTable)
                    .distinct()
                    .toList());
        }
        partitions.covering(
                batch.receipts().stream().map(Receipt::commitLsn).toList(), partitionBytes, () -> storeAtOnce(batch));
    }

    private int storeAtOnce(ReceiptBatch batch) {
        return database.inTransaction(() -> {
            LogSequenceNumber kept = checkContinued(batch);
            Ledger.Rows rows = ledger.rows(Side.VERIFIER);
            // What was attested and dropped came before, and does not come back.
            batch.receipts().stream()
                    .filter(receipt -> receipt.commitLsn().compareTo(kept) >= 0)
                    .forEach(rows::add);
            rows.storeUnlessThere();
            return database.jdbc()
                    .sql(MOVE)
                    .param(batch.completeBelow().asString())
                    .update();
        });
    }

    /** @return receipts below it were there and are not kept */
    private LogSequenceNumber checkContinued(ReceiptBatch batch) {
        Stored stored =
                database.jdbc().sql(LOCK).query((row, _) -> Stored.of(row)).single();
        ReceiptOrder.checkContinued(batch, stored.position(), this::isAttested);
        return stored.droppedBelow();
    }

    private boolean isAttested(LogSequenceNumber commitLsn, int changeIndex) {
        return database.jdbc()
                .sql(ATTESTED)
                .param(commitLsn.asString())
                .param(changeIndex)
                .query(Boolean.class)
                .single();
    }
}
