package io.shadowwrite.consumer;

import java.util.Optional;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Reads slot one of the source and posts what every transaction becomes to shadow-api. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class ConsumerApplication {

    /** Runs until it is told to stop; ends with 3 or 4 when it cannot start for an expected reason. */
    public static void main(String[] arguments) {
        try {
            SpringApplication.run(ConsumerApplication.class, arguments);
        } catch (RuntimeException failure) {
            Optional<StartFailure> known = StartFailure.in(failure);
            if (known.isEmpty()) {
                throw failure;
            }
            System.exit(known.get().exitCode());
        }
    }
}
