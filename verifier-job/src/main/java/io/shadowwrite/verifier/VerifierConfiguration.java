package io.shadowwrite.verifier;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import org.springframework.boot.ApplicationArguments;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the job together. */
@Configuration(proxyBeanMethods = false)
class VerifierConfiguration {

    @Bean
    LineProgress progress() {
        return LineProgress.lively(System.err);
    }

    @Bean
    VerifierJob verifierJob(VerifierProperties settings, ApplicationArguments arguments, LineProgress progress) {
        JobOptions options = JobOptions.of(arguments);
        if (options.readsTarget() && !settings.disabled()) {
            settings.target().connection();
        }
        Contract contract = settings.contract().read();
        VerifierProperties.Api api = settings.api();
        ShadowApi client = ShadowApiClient.connect(api.url(), api.token(), api.timeout());
        return new VerifierJob(settings, options, contract, client, System.out, progress);
    }
}
