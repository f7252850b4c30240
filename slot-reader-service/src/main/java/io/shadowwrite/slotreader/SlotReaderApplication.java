package io.shadowwrite.slotreader;

import io.shadowwrite.delivery.start.Program;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Reads slot two of the source and posts a receipt for every change to shadow-api. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class SlotReaderApplication {

    /** Runs until it is told to stop; ends with 3 or 4 when it cannot start for an expected reason. */
    public static void main(String[] arguments) {
        Program.run(SlotReaderApplication.class, arguments);
    }
}
