package io.shadowwrite.slotreader.reading;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.delivery.IdentityDemand;
import io.shadowwrite.delivery.Progress;
import io.shadowwrite.delivery.ReaderHealth;
import io.shadowwrite.delivery.ReaderLoop;
import io.shadowwrite.delivery.ReaderThread;
import io.shadowwrite.delivery.Reports;
import io.shadowwrite.delivery.SourceChecks;
import io.shadowwrite.delivery.StopSignal;
import io.shadowwrite.delivery.WindowSlot;
import io.shadowwrite.protocol.PatientCaller;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.replication.stream.Pace;
import io.shadowwrite.replication.stream.SlotSettings;
import io.shadowwrite.slotreader.SlotReaderProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the reading together. */
@Configuration(proxyBeanMethods = false)
class ReadingConfiguration {

    private static final long NO_EPOCH = 0;

    @Bean
    Contract contract(SlotReaderProperties settings) {
        return settings.contract().read();
    }

    @Bean
    ShadowApi shadowApi(SlotReaderProperties settings) {
        return settings.api().connect();
    }

    @Bean
    Progress progress() {
        return new Progress();
    }

    @Bean
    ReaderThread readingThread(
            SlotReaderProperties settings,
            Contract contract,
            ShadowApi api,
            Progress progress,
            MeterRegistry registry) {
        SlotReaderProperties.Reading reading = settings.reading();
        SlotSettings slot = settings.slot().of(settings.source(), "shadow-slot-reader");
        StopSignal stop = new StopSignal();
        SourceChecks checks =
                new SourceChecks(contract, slot.connection(), slot.applicationName(), IdentityDemand.NONE);
        checks.register(registry, Tags.of("reader", "verifier"));
        PatientCaller patient = new PatientCaller(stop);
        Reports reports = new Reports(
                api, patient, progress, Side.VERIFIER, () -> NO_EPOCH, reading.reportInterval(), Pace.OF_THE_MACHINE);
        ReadingRound round = new ReadingRound(
                reading,
                new WindowSlot(slot, settings.migrationId(), contract, Side.VERIFIER),
                checks,
                settings.sourceCheck().interval(),
                new Receipts(new SourceKeys(contract), reading.maxReceipts()),
                new ShadowLink(api, patient),
                reports,
                progress,
                new ReadingMetrics(registry, progress),
                stop);
        ReaderLoop.Pauses pauses = new ReaderLoop.Pauses(reading.retryPause(), reading.reportInterval());
        return new ReaderThread(
                "slot-reader-reading",
                settings.disabled(),
                checks,
                new ReaderLoop(round, contract, reports, progress, stop, pauses),
                stop,
                reading.stopWithin());
    }

    /** The bean's name is the name of the health component, which the readiness group refers to. */
    @Bean
    HealthIndicator reading(Progress progress) {
        return new ReaderHealth(progress);
    }
}
