package io.shadowwrite.api.write;

import io.shadowwrite.api.ledger.Judged;
import io.shadowwrite.api.ledger.Ledger;
import io.shadowwrite.api.provenance.Provenance;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.Disposition;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;

/** The stream's own records: provenance of every write that had an effect, and a receipt of every change. */
final class StreamRecords implements Records {

    private final Provenance.Rows changed;
    private final Ledger.Rows receipts;
    private final Parking.Sifted sifted;
    private final Judged judged;

    /** @param judged told what became of the changes once that is stored */
    StreamRecords(Provenance.Rows changed, Ledger.Rows receipts, Parking.Sifted sifted, Judged judged) {
        this.changed = changed;
        this.receipts = receipts;
        this.sifted = sifted;
        this.judged = judged;
    }

    @Override
    public void written(TransactionWrites transaction, ChangeWrites change, ShadowWrite write) {
        changed.add(transaction, change, write);
    }

    @Override
    public void changed(TransactionWrites transaction, ChangeWrites change, boolean effective) {
        receipts.add(transaction, change, disposition(transaction, change, effective));
    }

    private Disposition disposition(TransactionWrites transaction, ChangeWrites change, boolean effective) {
        if (sifted.isParked(transaction, change)) {
            return Disposition.PARKED;
        }
        if (!change.inScope()) {
            return Disposition.FILTERED;
        }
        return effective ? Disposition.APPLIED : Disposition.NO_OP;
    }

    @Override
    public void store() {
        changed.store();
        receipts.store();
        judged.plus(receipts.judged().counts());
    }
}
