package io.shadowwrite.consumer.delivery;

import io.shadowwrite.delivery.Halt;
import io.shadowwrite.delivery.Progress;
import io.shadowwrite.delivery.StopSignal;
import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.WriteResult;
import io.shadowwrite.replication.stream.ChangeStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Makes of an answer what the source may forget, and waits out the hold that kept something back. */
final class Acknowledgement implements Flights.Landing {

    private final ChangeStream stream;
    private final Progress progress;
    private final DeliveryMetrics metrics;
    private final StopSignal stop;
    private final Duration holdPoll;

    Acknowledgement(
            ChangeStream stream, Progress progress, DeliveryMetrics metrics, StopSignal stop, Duration holdPoll) {
        this.stream = stream;
        this.progress = progress;
        this.metrics = metrics;
        this.stop = stop;
        this.holdPoll = holdPoll;
    }

    @Override
    public void land(PreparedBatch batch, WriteResult first, WriteLink link) throws InterruptedException {
        PreparedBatch rest = batch;
        WriteResult answer = first;
        if (cameBeforeItsTurn(batch, answer)) {
            // It met the hold of the batch before, which is over by now.
            answer = link.write(batch);
        }
        while (true) {
            acknowledge(rest, answer);
            rest = rest.without(answer.applied(), answer.control().position());
            if (rest.isDoneAt(answer.control().position())) {
                progress.become(ReaderState.STREAMING, null);
                return;
            }
            awaitHoldMoved(answer.control().hold(), link);
            answer = link.write(rest);
        }
    }

    /** Only here does the source learn that it may forget, and only what the API said is durable in the target. */
    private void acknowledge(PreparedBatch posted, WriteResult result) {
        List<TransactionWrites> transactions = posted.transactions();
        boolean possible = 0 <= result.forgotten()
                && result.forgotten() <= result.replayed()
                && result.replayed() <= result.applied()
                && result.applied() <= transactions.size();
        if (!possible) {
            throw new Halt(
                    "BROKEN_INVARIANT: shadow-api says it applied %d of %d transactions, %d of them before, %d of these long before. See %s"
                            .formatted(
                                    result.applied(),
                                    transactions.size(),
                                    result.replayed(),
                                    result.forgotten(),
                                    "docs/runbook.md#broken-invariant"));
        }
        List<TransactionWrites> applied = transactions.subList(0, result.applied());
        long forgotten = changes(applied.subList(0, result.forgotten()));
        long repeated = changes(applied.subList(result.forgotten(), result.replayed()));
        long fresh = changes(applied.subList(result.replayed(), applied.size()));
        Conservation.require(repeated, fresh, result);
        LogSequenceNumber position = result.control().position();
        progress.applied(position);
        metrics.applied(applied.stream().map(TransactionWrites::committedAt).toList(), result);
        metrics.repeated(repeated, forgotten);
        // After a take-over the stored position can be ahead of what the stream has handed out so far.
        LogSequenceNumber handedOut = posted.completeBelow();
        stream.applied(position.compareTo(handedOut) < 0 ? position : handedOut);
    }

    private static long changes(List<TransactionWrites> transactions) {
        return transactions.stream().mapToLong(each -> each.changes().size()).sum();
    }

    private static boolean cameBeforeItsTurn(PreparedBatch batch, WriteResult answer) {
        return answer.control().position().compareTo(batch.continuesFrom()) < 0;
    }

    /** Keeps what is beyond the hold until the hold ended or stands elsewhere. A prolonged lease moves nothing. */
    private void awaitHoldMoved(@Nullable Hold hold, WriteLink link) throws InterruptedException {
        progress.become(ReaderState.HOLDING, hold == null ? null : describe(hold));
        ControlState now;
        do {
            stop.await(holdPoll);
            now = link.control();
        } while (hold != null && now.hold() != null && sameOrder(hold, now.hold()));
    }

    private static boolean sameOrder(Hold one, Hold other) {
        return one.kind() == other.kind()
                && one.holder().equals(other.holder())
                && Objects.equals(one.haltAt(), other.haltAt());
    }

    private static String describe(Hold hold) {
        return "held by %s %s"
                .formatted(
                        hold.holder(),
                        hold.haltAt() == null
                                ? "where it is"
                                : "at " + hold.haltAt().asString());
    }
}
