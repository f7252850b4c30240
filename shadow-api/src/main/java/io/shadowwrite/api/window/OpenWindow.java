package io.shadowwrite.api.window;

import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.protocol.WindowPhase;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * The window and what orders the consumer, as of one moment.
 *
 * @param phase how far its opening is
 * @param epoch the newest epoch given out
 * @param hold the hold in force; one whose lease is over is none, and until the window streams it is that of its load
 * @param position the consumer's
 * @param partitionBytes LSN width of a partition of the ledger, frozen with the window
 * @param parked whether dead letters may keep a change back
 * @param writesBeside how often others than the stream have written target rows
 */
public record OpenWindow(
        Window window,
        WindowPhase phase,
        long epoch,
        @Nullable Hold hold,
        LogSequenceNumber position,
        long partitionBytes,
        boolean parked,
        long writesBeside) {

    public ControlState control() {
        return new ControlState(position, epoch, hold);
    }

    /** Lets only the newest session pass; everything older is EPOCH_FENCED, and so is one that never opened a session. */
    public void checkEpoch(long presented) {
        if (presented != epoch || epoch == 0) {
            throw new ShadowProblem(
                    ProblemType.EPOCH_FENCED,
                    "the request is of epoch %d, the newest session has %d".formatted(presented, epoch));
        }
    }

    /**
     * What the gate compares must stay as it is, and what is loaded as it comes, or HOLD_TAKEN; a verifier reads a snapshot
     * and minds nothing.
     */
    public void checkNoGate() {
        if (hold != null) {
            switch (hold.kind()) {
                case VERIFIER -> {}
                case GATE ->
                    throw new ShadowProblem(ProblemType.HOLD_TAKEN, "%s prepares the cutover".formatted(hold.holder()));
                case LOAD ->
                    throw new ShadowProblem(
                            ProblemType.HOLD_TAKEN, "the window is still being loaded; nothing else is written yet");
            }
        }
    }

    /** The same with the consumer further on. */
    public OpenWindow at(LogSequenceNumber further) {
        return new OpenWindow(window, phase, epoch, hold, further, partitionBytes, parked, writesBeside);
    }
}
