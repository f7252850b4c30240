package io.shadowwrite.consumer.delivery;

import io.shadowwrite.delivery.Progress;
import io.shadowwrite.delivery.Reports;
import io.shadowwrite.delivery.SourceWatch;
import io.shadowwrite.delivery.StopSignal;
import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.replication.stream.Batch;
import io.shadowwrite.replication.stream.ChangeStream;
import io.shadowwrite.replication.stream.Part;
import java.time.Duration;
import java.util.List;
import org.postgresql.replication.LogSequenceNumber;

/**
 * One stream and one epoch: delivers in commit order until stopped, fenced or cut off, or until the stream has to begin
 * again at the stored position. For the delivery thread.
 */
final class DeliverySession {

    /** Short enough to notice a stop; while nothing happens this is how often the loop turns. */
    private static final Duration IDLE_WAIT = Duration.ofMillis(250);

    private final ChangeStream stream;
    private final Flights flights;
    private final LongDelivery longDelivery;
    private final SourceWatch watch;
    private final Reports reports;
    private final Preparation preparation;
    private final Progress progress;
    private final StopSignal stop;
    private final int maxChanges;

    private LogSequenceNumber sent;

    DeliverySession(
            ChangeStream stream,
            Flights flights,
            LongDelivery longDelivery,
            SourceWatch watch,
            Reports reports,
            Preparation preparation,
            Progress progress,
            StopSignal stop,
            int maxChanges) {
        this.stream = stream;
        this.flights = flights;
        this.longDelivery = longDelivery;
        this.watch = watch;
        this.reports = reports;
        this.preparation = preparation;
        this.progress = progress;
        this.stop = stop;
        this.maxChanges = maxChanges;
        this.sent = stream.start();
    }

    void run() throws InterruptedException {
        progress.become(ReaderState.STREAMING, null);
        reports.send();
        while (!stop.raised()) {
            watch.requireFit();
            if (flights.awaitRoom(IDLE_WAIT)) {
                switch (stream.take(maxChanges, IDLE_WAIT)) {
                    case Batch batch -> deliver(batch);
                    case Part first -> {
                        if (!deliver(first)) {
                            return;
                        }
                    }
                }
            }
            reports.sendIfDue();
        }
        flights.awaitLanding(reports::sendIfDue);
    }

    /** Whatever can be posted is applied first, so that a halt leaves the position exactly before its cause. */
    private void deliver(Batch batch) throws InterruptedException {
        if (batch.transactions().isEmpty() && batch.completeBelow().compareTo(sent) <= 0) {
            return;
        }
        PreparedBatch prepared = preparation.prepare(sent, batch);
        flights.send(prepared);
        RuntimeException obstacle = prepared.obstacle();
        if (obstacle != null) {
            flights.awaitLanding(reports::sendIfDue);
            throw obstacle;
        }
        sent = batch.completeBelow();
    }

    /**
     * A transaction that travels alone: everything before it is applied, and no hold stands there, when it sets out. False
     * when it has to come once more.
     */
    private boolean deliver(Part first) throws InterruptedException {
        if (first.commitLsn().compareTo(sent) > 0) {
            deliver(new Batch(List.of(), first.commitLsn()));
        }
        flights.awaitLanding(reports::sendIfDue);
        boolean delivered = longDelivery.deliver(sent, first);
        sent = first.endLsn();
        return delivered;
    }
}
