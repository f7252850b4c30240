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
import io.shadowwrite.replication.stream.SlotSettings;
import io.shadowwrite.slotreader.SlotReaderProperties;
import java.time.Duration;
import java.util.function.Supplier;

/** The product's own slot reader, put together as its configuration does it, but over a simulated source and network. */
public final class SimulatedSlotReader {

    private static final Duration NEVER = Duration.ofDays(1);

    private SimulatedSlotReader() {}

    /**
     * What its thread does.
     *
     * @param fit what a look at the tables of the source shows
     * @param patience a caller with the simulation's waits
     */
    public static ReaderLoop loop(
            Contract contract,
            SlotSettings slot,
            WindowSlot.Opening opening,
            ShadowApi api,
            Progress progress,
            StopSignal stop,
            SourceLook fit,
            Supplier<PatientCaller> patience) {
        SlotReaderProperties.Reading settings =
                new SlotReaderProperties.Reading(3, NEVER, Duration.ofSeconds(1), Duration.ofSeconds(7));
        PatientCaller patient = patience.get();
        Reports reports = new Reports(api, patient, progress, Side.VERIFIER, () -> 0, NEVER);
        ReadingRound round = new ReadingRound(
                settings,
                new WindowSlot(opening, slot, "simulation", contract, Side.VERIFIER),
                new SourceChecks(contract, slot.connection(), slot.applicationName(), IdentityDemand.NONE, () -> fit),
                NEVER,
                new Receipts(new SourceKeys(contract), settings.maxReceipts()),
                new ShadowLink(api, patient),
                reports,
                progress,
                new ReadingMetrics(new SimpleMeterRegistry(), progress),
                stop);
        return new ReaderLoop(
                round, contract, reports, progress, stop, new ReaderLoop.Pauses(settings.retryPause(), NEVER));
    }
}
