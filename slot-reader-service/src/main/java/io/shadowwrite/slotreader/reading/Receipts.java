package io.shadowwrite.slotreader.reading;

import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.Receipt;
import io.shadowwrite.protocol.ReceiptBatch;
import io.shadowwrite.replication.EventDigest;
import io.shadowwrite.replication.RowChange;
import io.shadowwrite.replication.SourceTransaction;
import io.shadowwrite.replication.stream.Batch;
import io.shadowwrite.replication.stream.Handout;
import io.shadowwrite.replication.stream.Part;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
     * The requests that attest what was handed out, in order. All but the last are full and promise nothing beyond the
     * transactions they end; the last promises the position of what was handed out, with or without receipts. Each
     * continues the one before.
     *
     * <p>A last part that is empty repeats the receipt before it: without any it would say that the transaction is complete,
     * also to a target that was restored meanwhile and does not have it.
     *
     * @param continuesFrom what the request before promised, or where the stream began
     * @param before the receipt that was sent last; null when none was
     */
    List<ReceiptBatch> of(LogSequenceNumber continuesFrom, Handout handout, @Nullable Receipt before) {
        Cutter cutter = new Cutter(continuesFrom);
        switch (handout) {
            case Batch batch -> {
                for (SourceTransaction transaction : batch.transactions()) {
                    cutter.add(transaction.commitLsn(), transaction.xid(), transaction.changes());
                }
            }
            case Part part -> {
                cutter.add(part.commitLsn(), part.xid(), part.changes());
                if (part.changes().isEmpty()
                        && before != null
                        && before.commitLsn().equals(part.commitLsn())) {
                    cutter.add(before);
                }
            }
        }
        return cutter.end(handout.completeBelow());
    }

    /** Cuts receipts into requests. */
    private final class Cutter {

        private final List<ReceiptBatch> requests = new ArrayList<>();
        private List<Receipt> receipts = new ArrayList<>();
        private LogSequenceNumber promised;

        Cutter(LogSequenceNumber continuesFrom) {
            promised = continuesFrom;
        }

        void add(LogSequenceNumber commitLsn, long xid, List<RowChange> changes) {
            for (RowChange change : changes) {
                if (receipts.size() == maxReceipts) {
                    // This transaction is not complete yet, all before it are.
                    cut(commitLsn);
                }
                receipts.add(receipt(commitLsn, xid, change));
            }
        }

        void add(Receipt again) {
            receipts.add(again);
        }

        List<ReceiptBatch> end(LogSequenceNumber completeBelow) {
            cut(completeBelow);
            return requests;
        }

        private void cut(LogSequenceNumber completeBelow) {
            requests.add(new ReceiptBatch(promised, completeBelow, receipts));
            receipts = new ArrayList<>();
            promised = completeBelow;
        }
    }

    private Receipt receipt(LogSequenceNumber commitLsn, long xid, RowChange change) {
        EventDigest digest = EventDigest.of(commitLsn, change);
        return new Receipt(
                commitLsn,
                change.changeIndex(),
                xid,
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
