package io.shadowwrite.api;

import io.shadowwrite.api.start.StartRefused;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/** shadow-api alone, without a host. Scans for nothing: the auto-configuration is all there is. */
@SpringBootConfiguration
@EnableAutoConfiguration
public class ShadowApiApplication {

    /** Runs until it is told to stop; ends with 3 or 4 when it cannot start for an expected reason. */
    public static void main(String[] args) {
        try {
            start(args);
        } catch (RuntimeException failure) {
            int code = StartRefused.exitCodeIn(failure);
            if (code == 0) {
                throw failure;
            }
            System.exit(code);
        }
    }

    /** Starts and returns when requests are answered; the caller closes it. */
    public static ConfigurableApplicationContext start(String... args) {
        SpringApplication application = new SpringApplication(ShadowApiApplication.class);
        // Not application.yml: this jar also lies on the class path of hosts, which have one of their own.
        application.setDefaultProperties(Map.of("spring.config.name", "shadow-api,application"));
        return application.run(args);
    }
}
