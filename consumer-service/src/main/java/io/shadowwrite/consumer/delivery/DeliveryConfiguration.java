package io.shadowwrite.consumer.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.shadowwrite.consumer.ConsumerProperties;
import io.shadowwrite.contract.Contract;
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
import java.time.InstantSource;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the delivery together. */
@Configuration(proxyBeanMethods = false)
class DeliveryConfiguration {

    @Bean
    Contract contract(ConsumerProperties settings) {
        return settings.contract().read();
    }

    @Bean
    ShadowApi shadowApi(ConsumerProperties settings) {
        return settings.api().connect();
    }

    @Bean
    Progress progress() {
        return new Progress();
    }

    @Bean
    ReaderThread deliveryThread(
            ConsumerProperties settings, Contract contract, ShadowApi api, Progress progress, MeterRegistry registry) {
        ConsumerProperties.Delivery delivery = settings.delivery();
        SlotSettings slot = settings.slot().of(settings.source(), "shadow-consumer");
        StopSignal stop = new StopSignal();
        SourceChecks checks =
                new SourceChecks(contract, slot.connection(), slot.applicationName(), IdentityRule::shortfall);
        checks.register(registry, Tags.of("reader", "consumer"));
        PatientCaller patient = new PatientCaller(stop);
        ShadowLink shadow = new ShadowLink(api, patient, () -> new PatientCaller(stop));
        Reports reports = new Reports(
                api,
                patient,
                progress,
                Side.CONSUMER,
                shadow::epochToReport,
                delivery.reportInterval(),
                Pace.OF_THE_MACHINE);
        DeliveryRound round = new DeliveryRound(
                settings,
                contract,
                slot,
                new WindowSlot(slot, settings.migrationId(), contract, Side.CONSUMER),
                checks,
                shadow,
                settings.api().connectForLongTransactions(),
                reports,
                progress,
                new DeliveryMetrics(registry, progress, InstantSource.system()),
                stop,
                Pace.OF_THE_MACHINE);
        ReaderLoop.Pauses pauses = new ReaderLoop.Pauses(delivery.retryPause(), delivery.reportInterval());
        return new ReaderThread(
                "consumer-delivery",
                settings.disabled(),
                checks,
                new ReaderLoop(round, contract, reports, progress, stop, pauses),
                stop,
                delivery.stopWithin());
    }

    /** The bean's name is the name of the health component, which the readiness group refers to. */
    @Bean
    HealthIndicator delivery(Progress progress) {
        return new ReaderHealth(progress);
    }
}
