package io.shadowwrite.consumer.delivery;

import io.shadowwrite.consumer.ConsumerProperties;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.delivery.Halt;
import io.shadowwrite.delivery.Progress;
import io.shadowwrite.delivery.Reports;
import io.shadowwrite.delivery.Round;
import io.shadowwrite.delivery.SourceChecks;
import io.shadowwrite.delivery.SourceWatch;
import io.shadowwrite.delivery.StopSignal;
import io.shadowwrite.delivery.WindowSlot;
import io.shadowwrite.program.SourceLook;
import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.LongTransactionClient;
import io.shadowwrite.protocol.SessionRequest;
import io.shadowwrite.replication.source.Heartbeat;
import io.shadowwrite.replication.source.SourceColumn;
import io.shadowwrite.replication.source.SourceIdentity;
import io.shadowwrite.replication.stream.ChangeStream;
import io.shadowwrite.replication.stream.Pace;
import io.shadowwrite.replication.stream.SlotSettings;
import io.shadowwrite.replication.wal2json.Wal2JsonOptions;
import io.shadowwrite.transform.Transformer;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Takes the slot, opens a session, delivers. */
final class DeliveryRound implements Round {

    private final ConsumerProperties settings;
    private final Contract contract;
    private final SlotSettings slot;
    private final WindowSlot windowSlot;
    private final SourceChecks checks;
    private final Transformer transformer;
    private final ShadowLink shadow;
    private final LongTransactionClient longClient;
    private final Reports reports;
    private final Progress progress;
    private final DeliveryMetrics metrics;
    private final StopSignal stop;
    private final Pace pace;
    private final LongSetback setback = new LongSetback();

    DeliveryRound(
            ConsumerProperties settings,
            Contract contract,
            SlotSettings slot,
            WindowSlot windowSlot,
            SourceChecks checks,
            ShadowLink shadow,
            LongTransactionClient longClient,
            Reports reports,
            Progress progress,
            DeliveryMetrics metrics,
            StopSignal stop,
            Pace pace) {
        this.settings = settings;
        this.contract = contract;
        this.slot = slot;
        this.windowSlot = windowSlot;
        this.checks = checks;
        this.transformer = new Transformer(contract);
        this.shadow = shadow;
        this.longClient = longClient;
        this.reports = reports;
        this.progress = progress;
        this.metrics = metrics;
        this.stop = stop;
        this.pace = pace;
    }

    /**
     * The slot comes first and the session second, because a session fences every older one: only who holds the slot may
     * open one, or a standby would fence the instance that works. The position must be known before the slot can be
     * opened, so it may be behind by the time the session answers; the stream then delivers a little again, which
     * shadow-api answers as a replay.
     */
    @Override
    public void run() throws InterruptedException {
        LogSequenceNumber start = shadow.position();
        try (ChangeStream stream = windowSlot.open(shadow.window(), start, shadow::position)) {
            SourceLook look = checks.tables();
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
            try (Heartbeat _ = heartbeat();
                    SourceWatch watch =
                            SourceWatch.start(checks, settings.sourceCheck().interval());
                    SpecialValues specials = specials(look.columns());
                    Flights flights = flights(stream, session.epoch())) {
                LetterLink letters = shadow.letters(session.epoch(), reports::sendIfDue);
                int maxChanges = settings.delivery().maxChanges();
                new DeliverySession(
                                stream,
                                flights,
                                longDelivery(stream, session.epoch(), specials, letters),
                                watch,
                                reports,
                                new Preparation(transformer, specials, letters),
                                progress,
                                stop,
                                maxChanges)
                        .run();
            }
        } finally {
            progress.detach();
        }
    }

    private SpecialValues specials(List<SourceColumn> columns) {
        SpecialRows rows = new SpecialRows(slot.connection(), slot.applicationName());
        return SpecialValues.of(contract, transformer, columns, rows);
    }

    private LongDelivery longDelivery(ChangeStream stream, long epoch, SpecialValues specials, LetterLink letters) {
        LongReading reading = new LongReading(stream, transformer, specials, letters, reports, stop);
        return new LongDelivery(
                stream, transformer, specials, longClient, epoch, reading, setback, reports, progress, metrics, stop);
    }

    private Flights flights(ChangeStream stream, long epoch) {
        List<WriteLink> links = Stream.generate(() -> shadow.writing(epoch))
                .limit(settings.delivery().requestsInFlight())
                .toList();
        return new Flights(
                links,
                new Acknowledgement(
                        stream, progress, metrics, stop, settings.delivery().holdPoll()),
                pace);
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
}
