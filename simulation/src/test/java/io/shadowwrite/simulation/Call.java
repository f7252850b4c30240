package io.shadowwrite.simulation;

import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.ReceiptBatch;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.VerifierState;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.protocol.WriteResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to shadow-api.
 *
 * @param method of {@link io.shadowwrite.protocol.ShadowApi}
 * @param request its body; null when it has none
 */
record Call(String method, @Nullable Object request) {

    /** What of an answer, or of a problem, tells how things stand. */
    static String brief(Object answer) {
        return switch (answer) {
            case WriteResult result ->
                "applied %d, %d of them before, %s"
                        .formatted(result.applied(), result.replayed(), brief(result.control()));
            case ControlState control ->
                "position %d, epoch %d, %s".formatted(control.position().asLong(), control.epoch(), control.hold());
            case ReaderPosition reader -> "position " + reader.position().asLong();
            case VerifierState state -> "position " + state.position().asLong();
            case ShadowProblem problem -> String.valueOf(problem.getMessage());
            case List<?> all -> all.stream().map(each -> brief(each)).toList().toString();
            default -> "something";
        };
    }

    /** Without what the rows hold. */
    @Override
    public String toString() {
        return switch (request) {
            case null -> method;
            case WriteBatch batch ->
                "write of epoch %d from %s, %s, to %s"
                        .formatted(
                                batch.epoch(),
                                batch.continuesFrom().asLong(),
                                batch.transactions().stream()
                                        .map(each -> each.commitLsn().asLong())
                                        .toList(),
                                batch.completeBelow().asLong());
            case ReceiptBatch batch ->
                "attest from %s, %s, to %s"
                        .formatted(
                                batch.continuesFrom().asLong(),
                                batch.receipts().stream()
                                        .map(each -> each.commitLsn().asLong() + ":" + each.changeIndex())
                                        .toList(),
                                batch.completeBelow().asLong());
            default -> method;
        };
    }
}
