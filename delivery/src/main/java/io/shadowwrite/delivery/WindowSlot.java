package io.shadowwrite.delivery;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.source.SourceIdentity;
import io.shadowwrite.replication.stream.ChangeStream;
import io.shadowwrite.replication.stream.SlotSettings;
import io.shadowwrite.replication.wal2json.Wal2JsonOptions;
import org.postgresql.replication.LogSequenceNumber;

/**
 * The slot of one side of a window, on the server of the window and no other. The window is looked at before the slot is
 * opened, because opening tells the slot our position: a wrong one would forget what its own reader still needs.
 */
public final class WindowSlot {

    private final Opening opening;
    private final SlotSettings slot;
    private final String migrationId;
    private final Contract contract;
    private final Side side;

    /** Asks how far this side is durable in the target. */
    @FunctionalInterface
    public interface StoredPosition {

        LogSequenceNumber ask() throws InterruptedException;
    }

    /** Opens a slot at a position. */
    @FunctionalInterface
    public interface Opening {

        ChangeStream at(SlotSettings slot, LogSequenceNumber start);
    }

    public WindowSlot(SlotSettings slot, String migrationId, Contract contract, Side side) {
        this(ChangeStream::open, slot, migrationId, contract, side);
    }

    public WindowSlot(Opening opening, SlotSettings slot, String migrationId, Contract contract, Side side) {
        this.opening = opening;
        this.slot = slot;
        this.migrationId = migrationId;
        this.contract = contract;
        this.side = side;
    }

    /**
     * Opens the slot where this side stands.
     *
     * @param start the stored position, asked for before
     * @param position asks for it again
     * @throws Halt when this reader is set up for something else than the window
     * @throws StreamProblem when the slot cannot be had
     */
    public ChangeStream open(Window window, LogSequenceNumber start, StoredPosition position)
            throws InterruptedException {
        requireOurs(window);
        SlotSettings ours = slot.expecting(new SourceIdentity(window.systemIdentifier(), window.timeline(), 0));
        try {
            return opening.at(ours, start);
        } catch (StreamProblem problem) {
            if (problem.code() == StreamProblem.Code.SLOT_AHEAD
                    && position.ask().compareTo(start) > 0) {
                throw new StreamProblem(
                        StreamProblem.Code.SLOT_IN_USE,
                        "another instance moved the slot since we asked for the position",
                        "Wait",
                        problem);
            }
            throw problem;
        }
    }

    private void requireOurs(Window window) {
        String windowSlot = switch (side) {
            case CONSUMER -> window.consumerSlot();
            case VERIFIER -> window.verifierSlot();
        };
        if (!window.migrationId().equals(migrationId) || !windowSlot.equals(slot.slotName())) {
            throw new Halt(
                    "WINDOW_MISMATCH: the window is of migration %s and slot %s, this reader of %s and %s. Set shadow.migration-id and shadow.slot.name"
                            .formatted(window.migrationId(), windowSlot, migrationId, slot.slotName()));
        }
        if (!window.contractHash().equals(contract.sha256())) {
            throw new Halt(
                    "CONTRACT_MISMATCH: the window was opened with contract %s, this reader runs %s. Start it with the contract of the window"
                            .formatted(window.contractHash(), contract.sha256()));
        }
        String options = Wal2JsonOptions.frozen().hash();
        if (!window.optionsHash().equals(options)) {
            throw new Halt(
                    "OPTIONS_DRIFT: the window was opened with decoding options %s, this reader uses %s. Run the version that opened the window"
                            .formatted(window.optionsHash(), options));
        }
    }
}
