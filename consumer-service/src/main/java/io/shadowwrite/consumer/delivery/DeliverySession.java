package io.shadowwrite.consumer.delivery;

import io.shadowwrite.consumer.ConsumerProperties;
import io.shadowwrite.delivery.Halt;
import io.shadowwrite.delivery.Progress;
import io.shadowwrite.delivery.Reports;
import io.shadowwrite.delivery.StopSignal;
import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.WriteResult;
import io.shadowwrite.replication.stream.Batch;
import io.shadowwrite.replication.stream.ChangeStream;
import io.shadowwrite.transform.Transformer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** One stream and one epoch: delivers in commit order until stopped, fenced or cut off. For the delivery thread. */
final class DeliverySession {

    /** Short enough to notice a stop; while nothing happens this is how often the loop turns. */
    private static final Duration IDLE_WAIT = Duration.ofMillis(250);

    private final ChangeStream stream;
    private final ShadowLink shadow;
    private final Reports reports;
    private final Transformer transformer;
    private final Progress progress;
    private final DeliveryMetrics metrics;
    private final StopSignal stop;
    private final ConsumerProperties.Delivery settings;

    private LogSequenceNumber delivered;

    DeliverySession(
            ChangeStream stream,
            ShadowLink shadow,
            Reports reports,
            Transformer transformer,
            Progress progress,
            DeliveryMetrics metrics,
            StopSignal stop,
            ConsumerProperties.Delivery settings) {
        this.stream = stream;
        this.shadow = shadow;
        this.reports = reports;
        this.transformer = transformer;
        this.progress = progress;
        this.metrics = metrics;
        this.stop = stop;
        this.settings = settings;
        this.delivered = stream.start();
    }

    void run() throws InterruptedException {
        progress.become(ReaderState.STREAMING, null);
        reports.send();
        while (!stop.raised()) {
            Batch batch = stream.take(settings.maxChanges(), IDLE_WAIT);
            if (!batch.transactions().isEmpty() || batch.completeBelow().compareTo(delivered) > 0) {
                deliver(batch);
            }
            reports.sendIfDue();
        }
    }

    /** Whatever can be expressed is applied first, so that a halt leaves the position exactly before its cause. */
    private void deliver(Batch batch) throws InterruptedException {
        PreparedBatch prepared = PreparedBatch.of(batch, transformer);
        post(prepared);
        if (prepared.refusal() != null) {
            throw new Halt("%s (transaction that committed at %s)"
                    .formatted(
                            prepared.refusal().getMessage(),
                            prepared.completeBelow().asString()));
        }
        delivered = batch.completeBelow();
    }

    private void post(PreparedBatch batch) throws InterruptedException {
        PreparedBatch rest = batch;
        while (true) {
            WriteResult result = shadow.write(rest);
            acknowledge(rest, result);
            rest = rest.without(result.applied());
            if (rest.isDoneAt(result.control().position())) {
                progress.become(ReaderState.STREAMING, null);
                return;
            }
            awaitHoldMoved(result.control().hold());
        }
    }

    /** Only here does the source learn that it may forget, and only what the API said is durable in the target. */
    private void acknowledge(PreparedBatch posted, WriteResult result) {
        List<TransactionWrites> transactions = posted.transactions();
        if (result.applied() < 0 || result.applied() > transactions.size()) {
            throw new Halt("BROKEN_INVARIANT: shadow-api says it applied %d of %d transactions. See %s"
                    .formatted(result.applied(), transactions.size(), "docs/runbook.md#broken-invariant"));
        }
        LogSequenceNumber position = result.control().position();
        progress.applied(position);
        metrics.applied(transactions.subList(0, result.applied()));
        // After a take-over the stored position can be ahead of what the stream has handed out so far.
        LogSequenceNumber handedOut = posted.completeBelow();
        stream.applied(position.compareTo(handedOut) < 0 ? position : handedOut);
    }

    /** Keeps what is beyond the hold until the hold ended or stands elsewhere. A prolonged lease moves nothing. */
    private void awaitHoldMoved(@Nullable Hold hold) throws InterruptedException {
        progress.become(ReaderState.HOLDING, hold == null ? null : describe(hold));
        ControlState now;
        do {
            stop.await(settings.holdPoll());
            reports.sendIfDue();
            now = shadow.control();
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
