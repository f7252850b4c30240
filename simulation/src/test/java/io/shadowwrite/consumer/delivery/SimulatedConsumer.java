package io.shadowwrite.consumer.delivery;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.shadowwrite.consumer.ConsumerProperties;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.delivery.IdentityDemand;
import io.shadowwrite.delivery.Progress;
import io.shadowwrite.delivery.ReaderLoop;
import io.shadowwrite.delivery.Reports;
import io.shadowwrite.delivery.SourceChecks;
import io.shadowwrite.delivery.StopSignal;
import io.shadowwrite.delivery.WindowSlot;
import io.shadowwrite.delivery.start.Api;
import io.shadowwrite.delivery.start.Slot;
import io.shadowwrite.delivery.start.SourceCheck;
import io.shadowwrite.program.ContractFile;
import io.shadowwrite.program.Source;
import io.shadowwrite.program.SourceLook;
import io.shadowwrite.protocol.LongTransactionClient;
import io.shadowwrite.protocol.PatientCaller;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.replication.stream.Pace;
import io.shadowwrite.replication.stream.SlotSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

/** The product's own consumer, put together as its configuration does it, but over a simulated source and network. */
public final class SimulatedConsumer {

    private static final LongTransactionClient UNUSED = LongTransactionClient.connect(URI.create("http://unused"), "");

    private SimulatedConsumer() {}

    /**
     * What its thread does.
     *
     * @param look at the tables of the source
     * @param interval between two looks, and between two reports
     * @param patience a caller with the simulation's waits
     */
    public static ReaderLoop loop(
            Contract contract,
            SlotSettings slot,
            WindowSlot.Opening opening,
            ShadowApi api,
            Progress progress,
            StopSignal stop,
            Supplier<SourceLook> look,
            Duration interval,
            Pace pace,
            InstantSource clock,
            Supplier<PatientCaller> patience) {
        ConsumerProperties settings = settings(slot, interval);
        ShadowLink shadow = new ShadowLink(api, patience.get(), patience);
        Reports reports =
                new Reports(api, patience.get(), progress, Side.CONSUMER, shadow::epochToReport, interval, pace);
        DeliveryRound round = new DeliveryRound(
                settings,
                contract,
                slot,
                new WindowSlot(opening, slot, settings.migrationId(), contract, Side.CONSUMER),
                new SourceChecks(contract, slot.connection(), slot.applicationName(), IdentityDemand.NONE, look, pace),
                shadow,
                UNUSED,
                reports,
                progress,
                new DeliveryMetrics(new SimpleMeterRegistry(), progress, clock),
                stop,
                pace);
        ReaderLoop.Pauses pauses = new ReaderLoop.Pauses(settings.delivery().retryPause(), interval);
        return new ReaderLoop(round, contract, reports, progress, stop, pauses);
    }

    private static ConsumerProperties settings(SlotSettings slot, Duration interval) {
        return new ConsumerProperties(
                false,
                "simulation",
                new ContractFile(Path.of("unused")),
                new Api(URI.create("http://unused"), Duration.ofSeconds(10), ""),
                new Source(slot.connection().jdbcUrl(), "unused", ""),
                new Slot(slot.slotName(), slot.partChanges()),
                new ConsumerProperties.Delivery(
                        5, 2, interval, Duration.ofMillis(75), Duration.ofSeconds(1), Duration.ofSeconds(7)),
                new SourceCheck(interval),
                new ConsumerProperties.Heartbeat(Duration.ZERO));
    }
}
