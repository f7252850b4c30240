package io.shadowwrite.consumer.delivery;

import io.shadowwrite.delivery.Halt;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.PatientCaller;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.protocol.WriteResult;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Writing under one epoch. For one thread at a time, like its patience. */
record WriteLink(ShadowApi api, PatientCaller patient, long epoch) {

    /**
     * Which change a deferred constraint refuses is a guess, and innocent ones are parked. What is refused for certain is
     * bounded by the letters that shadow-api takes.
     */
    static final int MOST_GUESSED = 100;

    /**
     * The answer to the batch. What the target refuses of it is parked, one change after the other, and each time the batch
     * is sent again as it was: shadow-api knows by then what to keep back.
     *
     * @throws ShadowProblem when nothing more can be applied; WRITE_REJECTED only when it names no change of the batch
     * @throws Halt when too many changes of one transaction are refused by guess
     */
    WriteResult write(PreparedBatch batch) throws InterruptedException {
        WriteBatch request = new WriteBatch(epoch, batch.continuesFrom(), batch.completeBelow(), batch.transactions());
        Map<LogSequenceNumber, Integer> guessed = new HashMap<>();
        // A letter that does not help is no certainty, either.
        Set<NamedChange> certain = new HashSet<>();
        while (true) {
            try {
                return patient.call(() -> api.write(request));
            } catch (ShadowProblem problem) {
                if (problem.type() != ProblemType.WRITE_REJECTED) {
                    throw problem;
                }
                NamedChange named = NamedChange.in(problem);
                if (named != null
                        && (NamedChange.isGuess(problem) || !certain.add(named))
                        && guessed.merge(named.commitLsn(), 1, Integer::sum) > MOST_GUESSED) {
                    throw tooMany(problem);
                }
                park(batch, named, problem);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("stopping");
            }
        }
    }

    private static Halt tooMany(ShadowProblem problem) {
        return new Halt(
                "%s; %d changes of this transaction were parked already without knowing which one is refused. Repair the target, then restart the consumer. See %s"
                        .formatted(
                                problem.getMessage(),
                                MOST_GUESSED,
                                problem.type().runbookAnchor()));
    }

    private void park(PreparedBatch batch, @Nullable NamedChange named, ShadowProblem refusal)
            throws InterruptedException {
        ChangeWrites change = named == null ? null : batch.writes(named);
        DecodedChange decoded = named == null ? null : batch.decoded(named);
        if (change == null || decoded == null) {
            throw refusal;
        }
        // The delivery thread reports while this one tries.
        new LetterLink(api, patient, epoch, () -> {}).park(decoded, change, refusal);
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
