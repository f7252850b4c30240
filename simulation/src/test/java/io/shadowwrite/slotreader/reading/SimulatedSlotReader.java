package io.shadowwrite.slotreader.reading;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.delivery.IdentityDemand;
import io.shadowwrite.delivery.Progress;
import io.shadowwrite.delivery.ReaderLoop;
import io.shadowwrite.delivery.Reports;
import io.shadowwrite.delivery.SourceChecks;
import io.shadowwrite.delivery.StopSignal;
import io.shadowwrite.delivery.WindowSlot;
import io.shadowwrite.program.SourceLook;
import io.shadowwrite.protocol.PatientCaller;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.replication.stream.Pace;
import io.shadowwrite.replication.stream.SlotSettings;
import io.shadowwrite.slotreader.SlotReaderProperties;
import java.time.Duration;
import java.util.function.Supplier;

/** The product's own slot reader, put together as its configuration does it, but over a simulated source and network. */
public final class SimulatedSlotReader {

    private SimulatedSlotReader() {}

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
            Supplier<PatientCaller> patience) {
        SlotReaderProperties.Reading settings =
                new SlotReaderProperties.Reading(3, interval, Duration.ofSeconds(1), Duration.ofSeconds(7));
        PatientCaller patient = patience.get();
        Reports reports = new Reports(api, patient, progress, Side.VERIFIER, () -> 0, interval, pace);
        ReadingRound round = new ReadingRound(
                settings,
                new WindowSlot(opening, slot, "simulation", contract, Side.VERIFIER),
                new SourceChecks(contract, slot.connection(), slot.applicationName(), IdentityDemand.NONE, look, pace),
                interval,
                new Receipts(new SourceKeys(contract), settings.maxReceipts()),
                new ShadowLink(api, patient),
                reports,
                progress,
                new ReadingMetrics(new SimpleMeterRegistry(), progress),
                stop);
        return new ReaderLoop(
                round, contract, reports, progress, stop, new ReaderLoop.Pauses(settings.retryPause(), interval));
    }
}
