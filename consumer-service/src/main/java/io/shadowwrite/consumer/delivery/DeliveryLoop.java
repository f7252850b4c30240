package io.shadowwrite.consumer.delivery;

import io.shadowwrite.consumer.ConsumerProperties;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.protocol.SessionRequest;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.source.Heartbeat;
import io.shadowwrite.replication.source.SourceIdentity;
import io.shadowwrite.replication.stream.ChangeStream;
import io.shadowwrite.replication.stream.SlotSettings;
import io.shadowwrite.replication.wal2json.Wal2JsonOptions;
import io.shadowwrite.transform.Transformer;
import java.time.Duration;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the delivery thread does until it is told to stop: take the slot, open a session, deliver; and again when the
 * source or the slot was lost. What only a person can decide halts it: then nothing more is acknowledged, and it says why.
 */
final class DeliveryLoop implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(DeliveryLoop.class);

    private final ConsumerProperties settings;
    private final Contract contract;
    private final SlotSettings slot;
    private final SourceChecks checks;
    private final Transformer transformer;
    private final ShadowLink shadow;
    private final Progress progress;
    private final DeliveryMetrics metrics;
    private final StopSignal stop;

    DeliveryLoop(
            ConsumerProperties settings,
            Contract contract,
            SlotSettings slot,
            SourceChecks checks,
            ShadowLink shadow,
            Progress progress,
            DeliveryMetrics metrics,
            StopSignal stop) {
        this.settings = settings;
        this.contract = contract;
        this.slot = slot;
        this.checks = checks;
        this.transformer = new Transformer(contract);
        this.shadow = shadow;
        this.progress = progress;
        this.metrics = metrics;
        this.stop = stop;
    }

    @Override
    public void run() {
        try {
            while (!stop.raised()) {
                goRound();
            }
        } catch (InterruptedException stopping) {
            log.debug("The delivery leaves a wait", stopping);
        } catch (RuntimeException | Error fatal) {
            // Whatever it is: a thread that ends without a word would look like a quiet source.
            halt(fatal);
        }
        progress.become(ReaderState.STOPPING, null);
    }

    private void goRound() throws InterruptedException {
        try {
            takeSlotAndDeliver();
        } catch (StreamProblem problem) {
            if (!problem.retryable()) {
                throw problem;
            }
            boolean taken = problem.code() == StreamProblem.Code.SLOT_IN_USE;
            retryLater(taken ? ReaderState.WAITING_FOR_SLOT : ReaderState.STARTING, problem.getMessage());
        } catch (ShadowProblem problem) {
            switch (problem.type()) {
                case EPOCH_FENCED -> retryLater(ReaderState.WAITING_FOR_SLOT, problem.getMessage());
                case WINDOW_NOT_OPEN -> retryLater(ReaderState.STARTING, problem.getMessage());
                default -> throw problem;
            }
        }
    }

    /**
     * The slot comes first and the session second, because a session fences every older one: only who holds the slot may
     * open one, or a standby would fence the instance that works. The position must be known before the slot can be
     * opened, so it may be behind by the time the session answers; the stream then delivers a little again, which
     * shadow-api answers as a replay.
     */
    private void takeSlotAndDeliver() throws InterruptedException {
        LogSequenceNumber start = shadow.position();
        try (ChangeStream stream = open(slotOf(shadow.window()), start)) {
            checks.tables();
            progress.attach(stream);
            ControlState session = shadow.openSession(request(stream.identity()));
            if (session.position().compareTo(start) < 0) {
                throw new Halt(
                        "BROKEN_INVARIANT: the stored position went back from %s to %s. Was the target restored? See %s"
                                .formatted(
                                        start.asString(),
                                        session.position().asString(),
                                        "docs/runbook.md#broken-invariant"));
            }
            progress.applied(session.position());
            try (Heartbeat _ = heartbeat()) {
                new DeliverySession(stream, shadow, transformer, progress, metrics, stop, settings.delivery()).run();
            }
        } finally {
            progress.detach();
        }
    }

    /**
     * Our slot, on the server of the window and no other. Looked at before it is opened, because opening tells the slot
     * our position: a wrong one would forget what its own reader still needs.
     */
    private SlotSettings slotOf(Window window) {
        if (!window.migrationId().equals(settings.migrationId())
                || !window.consumerSlot().equals(slot.slotName())) {
            throw new Halt(
                    "WINDOW_MISMATCH: the window is of migration %s and slot %s, this consumer of %s and %s. Set shadow.migration-id and shadow.slot.name"
                            .formatted(
                                    window.migrationId(),
                                    window.consumerSlot(),
                                    settings.migrationId(),
                                    slot.slotName()));
        }
        return slot.expecting(new SourceIdentity(window.systemIdentifier(), window.timeline(), 0));
    }

    private ChangeStream open(SlotSettings ours, LogSequenceNumber start) throws InterruptedException {
        try {
            return ChangeStream.open(ours, start);
        } catch (StreamProblem problem) {
            if (problem.code() == StreamProblem.Code.SLOT_AHEAD
                    && shadow.position().compareTo(start) > 0) {
                throw new StreamProblem(
                        StreamProblem.Code.SLOT_IN_USE,
                        "another instance moved the slot since we asked for the position",
                        "Wait",
                        problem);
            }
            throw problem;
        }
    }

    private SessionRequest request(SourceIdentity source) {
        return new SessionRequest(
                slot.applicationName(),
                settings.migrationId(),
                slot.slotName(),
                contract.sha256(),
                Wal2JsonOptions.frozen().hash(),
                source.systemIdentifier(),
                source.timeline());
    }

    /** Beats only while this instance holds the slot. */
    private @Nullable Heartbeat heartbeat() {
        Duration interval = settings.heartbeat().interval();
        return interval.isZero() ? null : Heartbeat.start(slot.connection(), slot.applicationName(), interval);
    }

    private void retryLater(ReaderState state, @Nullable String reason) throws InterruptedException {
        progress.become(state, reason);
        stop.await(settings.delivery().retryPause());
    }

    /** Stays, so that the reason can be read here and at the API; the way out is a restart by an operator. */
    private void halt(Throwable fatal) {
        progress.become(ReaderState.HALTED, reason(fatal));
        try {
            while (!stop.raised()) {
                reportHalt();
                stop.await(settings.delivery().reportInterval());
            }
        } catch (InterruptedException stopping) {
            log.debug("The halted delivery stops", stopping);
        }
    }

    private void reportHalt() {
        try {
            shadow.report();
        } catch (ShadowProblem refused) {
            log.debug("The report of the halt was refused", refused);
        }
    }

    private String reason(Throwable fatal) {
        return switch (fatal) {
            case Halt halt -> String.valueOf(halt.getMessage());
            case StreamProblem problem -> String.valueOf(problem.getMessage());
            case ShadowProblem problem -> reason(problem);
            default -> {
                log.error("The delivery failed unexpectedly", fatal);
                yield "UNEXPECTED: " + fatal.getClass().getName() + ". See the log of the consumer";
            }
        };
    }

    private String reason(ShadowProblem problem) {
        String own = switch (problem.type()) {
            case CONTRACT_MISMATCH ->
                " (this consumer runs contract %s; start it with the contract of the window)"
                        .formatted(contract.sha256());
            case OPTIONS_DRIFT ->
                " (this consumer decodes with options %s; run the version that opened the window)"
                        .formatted(Wal2JsonOptions.frozen().hash());
            default -> "";
        };
        String facts = problem.facts().isEmpty() ? "" : " " + new TreeMap<>(problem.facts());
        return "%s%s%s. See %s"
                .formatted(problem.getMessage(), facts, own, problem.type().runbookAnchor());
    }
}
