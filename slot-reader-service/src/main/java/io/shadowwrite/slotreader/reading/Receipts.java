package io.shadowwrite.slotreader.reading;

import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.Receipt;
import io.shadowwrite.protocol.ReceiptBatch;
import io.shadowwrite.replication.EventDigest;
import io.shadowwrite.replication.RowChange;
import io.shadowwrite.replication.SourceTransaction;
import io.shadowwrite.replication.stream.Batch;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.postgresql.replication.LogSequenceNumber;

/** One receipt for every change, without looking at what it will become. */
final class Receipts {

    private static final HexFormat HEX = HexFormat.of();

    private final SourceKeys keys;
    private final int maxReceipts;

    Receipts(SourceKeys keys, int maxReceipts) {
        this.keys = keys;
        this.maxReceipts = maxReceipts;
    }

    /**
     * The requests that attest a batch, in order. All but the last are full and promise nothing beyond the transactions
     * they end; the last promises the batch's own position, with or without receipts.
     */
    List<ReceiptBatch> of(Batch batch) {
        List<ReceiptBatch> requests = new ArrayList<>();
        List<Receipt> receipts = new ArrayList<>();
        for (SourceTransaction transaction : batch.transactions()) {
            for (RowChange change : transaction.changes()) {
                if (receipts.size() == maxReceipts) {
                    // This transaction is not complete yet, all before it are.
                    requests.add(new ReceiptBatch(transaction.commitLsn(), receipts));
                    receipts = new ArrayList<>();
                }
                receipts.add(receipt(transaction, change));
            }
        }
        requests.add(new ReceiptBatch(batch.completeBelow(), receipts));
        return requests;
    }

    private Receipt receipt(SourceTransaction transaction, RowChange change) {
        LogSequenceNumber commitLsn = transaction.commitLsn();
        EventDigest digest = EventDigest.of(commitLsn, change);
        return new Receipt(
                commitLsn,
                change.changeIndex(),
                transaction.xid(),
                change.table().toString(),
                operation(change),
                keys.of(change),
                HEX.toHexDigits(digest.h0()) + HEX.toHexDigits(digest.h1()));
    }

    private static Operation operation(RowChange change) {
        return switch (change) {
            case RowChange.Insert _ -> Operation.INSERT;
            case RowChange.Update _ -> Operation.UPDATE;
            case RowChange.Delete _ -> Operation.DELETE;
            case RowChange.Truncate _ -> Operation.TRUNCATE;
        };
    }
}
