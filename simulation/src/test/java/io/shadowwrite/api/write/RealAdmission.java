package io.shadowwrite.api.write;

import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.WriteBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** What the product's own API admits of a batch, for a target that is simulated. */
public record RealAdmission(int replayed, List<TransactionWrites> fresh, LogSequenceNumber position) {

    /** As a writer asks before anything else. */
    public static void checkOrder(WriteBatch batch) {
        Admission.checkOrder(batch);
    }

    /** As a writer asks under the lock of the window. */
    public static RealAdmission of(WriteBatch batch, LogSequenceNumber position, @Nullable Hold hold) {
        Admission admission = Admission.of(batch, position, hold);
        return new RealAdmission(admission.replayed(), admission.fresh(), admission.position());
    }
}
