package io.shadowwrite.consumer.delivery;

import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.PatientCaller;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.protocol.WriteResult;

/** Writing under one epoch. For one thread at a time, like its patience. */
record WriteLink(ShadowApi api, PatientCaller patient, long epoch) {

    WriteResult write(PreparedBatch batch) throws InterruptedException {
        WriteBatch request = new WriteBatch(epoch, batch.continuesFrom(), batch.completeBelow(), batch.transactions());
        return patient.call(() -> api.write(request));
    }

    /** The control state, as long as this is still the newest session. */
    ControlState control() throws InterruptedException {
        ControlState control = patient.call(api::controlState);
        if (control.epoch() != epoch) {
            throw new ShadowProblem(
                    ProblemType.EPOCH_FENCED, "session %d replaced session %d".formatted(control.epoch(), epoch));
        }
        return control;
    }
}
