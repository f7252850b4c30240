package io.shadowwrite.slotreader.reading;

import io.micrometer.core.instrument.MeterRegistry;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.contract.InvalidContract;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import io.shadowwrite.slotreader.SlotReaderProperties;
import io.shadowwrite.slotreader.StartFailure;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the reading together. */
@Configuration(proxyBeanMethods = false)
class ReadingConfiguration {

    @Bean
    Contract contract(SlotReaderProperties settings) {
        try {
            return new ContractReader().read(settings.contract().location());
        } catch (InvalidContract invalid) {
            throw new StartFailure(StartFailure.INVALID, String.valueOf(invalid.getMessage()), invalid);
        }
    }

    @Bean
    ShadowApi shadowApi(SlotReaderProperties settings) {
        SlotReaderProperties.Api api = settings.api();
        return ShadowApiClient.connect(api.url(), api.token(), api.timeout());
    }

    @Bean
    Progress progress() {
        return new Progress();
    }

    @Bean
    Reading readingThread(
            SlotReaderProperties settings,
            Contract contract,
            ShadowApi api,
            Progress progress,
            MeterRegistry registry) {
        return new Reading(settings, contract, api, progress, registry);
    }

    /** The bean's name is the name of the health component, which the readiness group refers to. */
    @Bean
    HealthIndicator reading(Progress progress) {
        return new ReadingHealth(progress);
    }
}
