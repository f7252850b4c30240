package org.example.unified;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** Answers under /api/v1 from the unified database. */
@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties(UnifiedProperties.class)
// SHADOW-REGISTRATION-BEGIN
@org.springframework.boot.autoconfigure.ImportAutoConfiguration(io.shadowwrite.api.ShadowApiAutoConfiguration.class)
// SHADOW-REGISTRATION-END
public class UnifiedService {

    /** Runs until it is told to stop. */
    public static void main(String[] arguments) {
        SpringApplication.run(UnifiedService.class, arguments);
    }
}
