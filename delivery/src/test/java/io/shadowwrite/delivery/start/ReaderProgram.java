package io.shadowwrite.delivery.start;

import io.shadowwrite.delivery.IdentityDemand;
import io.shadowwrite.delivery.ReaderThread;
import io.shadowwrite.delivery.SourceChecks;
import io.shadowwrite.delivery.StopSignal;
import io.shadowwrite.program.ContractFile;
import io.shadowwrite.program.Source;
import io.shadowwrite.replication.stream.SlotSettings;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The least program that starts as every reader does. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ReaderProgram.Settings.class)
class ReaderProgram {

    @ConfigurationProperties(prefix = "shadow", ignoreUnknownFields = false)
    record Settings(
            @DefaultValue ContractFile contract,
            @DefaultValue Source source,
            @DefaultValue Slot slot) {}

    @Bean
    ReaderThread reader(Settings settings) {
        SlotSettings slot = settings.slot().of(settings.source(), "test");
        SourceChecks checks = new SourceChecks(
                settings.contract().read(), slot.connection(), slot.applicationName(), IdentityDemand.NONE);
        return new ReaderThread("test", false, checks, () -> {}, new StopSignal(), Duration.ofSeconds(1));
    }
}
