package io.shadowwrite.consumer.delivery;

import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.PatientCaller;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.SessionRequest;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.Window;
import java.util.function.Supplier;
import org.postgresql.replication.LogSequenceNumber;

/** This consumer's side of the conversation with shadow-api: patient, and under the epoch it was given last. */
final class ShadowLink {

    private static final long NO_EPOCH = 0;

    private final ShadowApi api;
    private final PatientCaller patient;
    private final Supplier<PatientCaller> patience;

    private long epoch = NO_EPOCH;

    /**
     * @param patient for the delivery thread
     * @param patience another one for each thread more
     */
    ShadowLink(ShadowApi api, PatientCaller patient, Supplier<PatientCaller> patience) {
        this.api = api;
        this.patience = patience;
        this.patient = patient;
    }

    /** The position stored in the target. */
    LogSequenceNumber position() throws InterruptedException {
        for (ReaderPosition reader : patient.call(api::positions)) {
            if (reader.side() == Side.CONSUMER) {
                return reader.position();
            }
        }
        throw new ShadowProblem(ProblemType.WINDOW_NOT_OPEN, "shadow-api has no position of the consumer yet");
    }

    /** The frozen window. */
    Window window() throws InterruptedException {
        return patient.call(api::verifierState).window();
    }

    /** Takes over: every older session is fenced from here on. */
    ControlState openSession(SessionRequest request) throws InterruptedException {
        ControlState session = patient.call(() -> api.openSession(request));
        epoch = session.epoch();
        return session;
    }

    /** A link for one more thread, with a patience of its own. */
    WriteLink writing(long ofEpoch) {
        return new WriteLink(api, patience.get(), ofEpoch);
    }

    /**
     * For the thread that prepares, with a patience of its own.
     *
     * @param meanwhile done before each attempt
     */
    LetterLink letters(long ofEpoch, Runnable meanwhile) {
        return new LetterLink(api, patience.get(), ofEpoch, meanwhile);
    }

    /**
     * A consumer that halts before it ever got a session speaks under the newest one there is, or its reason would be
     * heard by nobody. It holds the slot, or nobody can, or it is set up wrong; and reports are all it sends that way.
     */
    long epochToReport() {
        return epoch != NO_EPOCH
                ? epoch
                : patient.once(api::controlState).map(ControlState::epoch).orElse(NO_EPOCH);
    }
}
