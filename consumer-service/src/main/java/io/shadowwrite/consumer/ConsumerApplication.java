package io.shadowwrite.consumer;

import io.shadowwrite.delivery.start.Program;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Reads slot one of the source and posts what every transaction becomes to shadow-api. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class ConsumerApplication {

    /** Runs until it is told to stop; ends with 3 or 4 when it cannot start for an expected reason. */
    public static void main(String[] arguments) {
        Program.run(ConsumerApplication.class, arguments);
    }
}
