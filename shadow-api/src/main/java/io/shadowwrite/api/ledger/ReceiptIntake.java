package io.shadowwrite.api.ledger;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.Receipt;
import io.shadowwrite.protocol.ReceiptBatch;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Side;
import java.util.List;
import org.postgresql.replication.LogSequenceNumber;

/** Takes the slot reader's receipts and moves its position, in one transaction. Thread-safe. */
public final class ReceiptIntake {

    private static final String LOCK = "select from shadow.reader_position where side = 2 for update";

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
        checkOrder(batch);
        prepare(batch.receipts());
        database.inTransaction(() -> {
            database.jdbc().sql(LOCK).query(_ -> {});
            Ledger.Rows rows = ledger.rows(Side.VERIFIER);
            batch.receipts().forEach(rows::add);
            rows.storeUnlessThere();
            return database.jdbc()
                    .sql(MOVE)
                    .param(batch.completeBelow().asString())
                    .update();
        });
    }

    /** Receipts at complete_below itself are the beginning of a transaction whose rest follows. */
    private static void checkOrder(ReceiptBatch batch) {
        LogSequenceNumber last = LogSequenceNumber.INVALID_LSN;
        for (Receipt receipt : batch.receipts()) {
            if (receipt.commitLsn().compareTo(last) < 0 || receipt.commitLsn().compareTo(batch.completeBelow()) > 0) {
                throw new ShadowProblem(
                        ProblemType.OUT_OF_ORDER,
                        "the receipt of %s is not between %s and complete_below %s"
                                .formatted(receipt.commitLsn(), last, batch.completeBelow()));
            }
            last = receipt.commitLsn();
        }
    }

    private void prepare(List<Receipt> receipts) {
        long partitionBytes = windows.require().partitionBytes();
        if (receipts.isEmpty()) {
            return;
        }
        partitions.cover(receipts.stream().map(Receipt::commitLsn).toList(), partitionBytes);
        dictionary.registerTables(
                receipts.stream().map(Receipt::sourceTable).distinct().toList());
    }
}
