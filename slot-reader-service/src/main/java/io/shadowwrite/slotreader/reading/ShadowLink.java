package io.shadowwrite.slotreader.reading;

import io.shadowwrite.protocol.PatientCaller;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.ReceiptBatch;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.VerifierState;

/** This reader's side of the conversation with shadow-api. */
record ShadowLink(ShadowApi api, PatientCaller patient) {

    /** The frozen window and the position stored in the target. */
    VerifierState state() throws InterruptedException {
        return patient.call(api::verifierState);
    }

    ReaderPosition attest(ReceiptBatch receipts) throws InterruptedException {
        return patient.call(() -> api.attest(receipts));
    }
}
