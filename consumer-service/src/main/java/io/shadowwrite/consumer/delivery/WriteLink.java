package io.shadowwrite.consumer.delivery;

import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.PatientCaller;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.protocol.WriteResult;

/** Writing under one epoch. For one thread at a time, like its patience. */
record WriteLink(ShadowApi api, PatientCaller patient, long epoch) {

    /**
     * The answer to the batch. What the target refuses of it is parked, one change after the other, and each time the batch
     * is sent again as it was: shadow-api knows by then what to keep back.
     *
     * @throws ShadowProblem when nothing more can be applied; WRITE_REJECTED only when it names no change of the batch, or
     *     more of them than it has
     */
    WriteResult write(PreparedBatch batch) throws InterruptedException {
        WriteBatch request = new WriteBatch(epoch, batch.continuesFrom(), batch.completeBelow(), batch.transactions());
        int mayBeRefused = batch.changes();
        while (true) {
            try {
                return patient.call(() -> api.write(request));
            } catch (ShadowProblem problem) {
                if (problem.type() != ProblemType.WRITE_REJECTED || mayBeRefused == 0) {
                    throw problem;
                }
                mayBeRefused--;
                park(batch, problem);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("stopping");
            }
        }
    }

    private void park(PreparedBatch batch, ShadowProblem refusal) throws InterruptedException {
        NamedChange named = NamedChange.in(refusal);
        ChangeWrites change = named == null ? null : batch.writes(named);
        DecodedChange decoded = named == null ? null : batch.decoded(named);
        if (change == null || decoded == null) {
            throw refusal;
        }
        new LetterLink(api, patient, epoch).park(decoded, change, refusal);
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
