package io.shadowwrite.api.window;

import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Window;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * The window and what orders the consumer, as of one moment.
 *
 * @param epoch the newest epoch given out
 * @param hold the hold in force; one whose lease is over is none
 * @param position the consumer's
 * @param partitionBytes LSN width of a partition of the ledger, frozen with the window
 * @param parked whether dead letters may keep a change back
 * @param writesBeside how often others than the stream have written target rows
 */
public record OpenWindow(
        Window window,
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

    /** What the gate compares must stay as it is, or HOLD_TAKEN; a verifier reads a snapshot and minds nothing. */
    public void checkNoGate() {
        if (hold != null && hold.kind() == Hold.Kind.GATE) {
            throw new ShadowProblem(ProblemType.HOLD_TAKEN, "%s prepares the cutover".formatted(hold.holder()));
        }
    }

    /** The same with the consumer further on. */
    public OpenWindow at(LogSequenceNumber further) {
        return new OpenWindow(window, epoch, hold, further, partitionBytes, parked, writesBeside);
    }
}
