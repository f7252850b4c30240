package io.shadowwrite.verifier;

import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.verification.pin.HoldControl.HoldRefused;
import io.shadowwrite.verification.pin.PausedReaders;
import java.util.function.Supplier;
import org.postgresql.replication.LogSequenceNumber;

/** Both readers under a gate's hold, as shadow-api tells of them. */
record ApiReaders(ShadowApi api, Patience patience) implements PausedReaders {

    @Override
    public Standing standing() {
        ControlState control = ask(api::controlState);
        LogSequenceNumber slotReader = ask(api::positions).stream()
                .filter(reader -> reader.side() == Side.VERIFIER)
                .map(ReaderPosition::position)
                .findFirst()
                .orElseThrow(() -> new HoldRefused("shadow-api knows no position of the slot reader", null));
        Hold hold = control.hold();
        return new Standing(
                control.position(), slotReader, hold != null && hold.kind() == Hold.Kind.GATE ? hold.haltAt() : null);
    }

    @Override
    public long changesFrom(LogSequenceNumber lsn) {
        // Only the slot reader goes on behind a gate, and what it has not reached it has not seen.
        LogSequenceNumber seen = standing().slotReader();
        return ask(() -> api.receipts(lsn, seen, Side.VERIFIER)).cells().stream()
                .mapToLong(cell ->
                        Math.max(cell.verifier().count(), cell.consumer().count()))
                .sum();
    }

    private <T> T ask(Supplier<T> question) {
        try {
            return patience.call(question);
        } catch (ShadowProblem e) {
            throw new HoldRefused("shadow-api does not tell where the readers are (" + e.getMessage() + ")", e);
        }
    }
}
