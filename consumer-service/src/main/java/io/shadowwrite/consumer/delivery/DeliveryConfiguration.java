package io.shadowwrite.consumer.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import io.shadowwrite.consumer.ConsumerProperties;
import io.shadowwrite.consumer.StartFailure;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.contract.InvalidContract;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import java.time.InstantSource;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the delivery together. */
@Configuration(proxyBeanMethods = false)
class DeliveryConfiguration {

    @Bean
    Contract contract(ConsumerProperties settings) {
        try {
            return new ContractReader().read(settings.contract().location());
        } catch (InvalidContract invalid) {
            throw new StartFailure(StartFailure.INVALID, String.valueOf(invalid.getMessage()), invalid);
        }
    }

    @Bean
    ShadowApi shadowApi(ConsumerProperties settings) {
        ConsumerProperties.Api api = settings.api();
        return ShadowApiClient.connect(api.url(), api.token(), api.timeout());
    }

    @Bean
    Progress progress() {
        return new Progress();
    }

    @Bean
    Delivery deliveryThread(
            ConsumerProperties settings, Contract contract, ShadowApi api, Progress progress, MeterRegistry registry) {
        return new Delivery(settings, contract, api, progress, registry, InstantSource.system());
    }

    /** The bean's name is the name of the health component, which the readiness group refers to. */
    @Bean
    HealthIndicator delivery(Progress progress) {
        return new DeliveryHealth(progress);
    }
}
