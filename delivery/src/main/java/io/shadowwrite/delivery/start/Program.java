package io.shadowwrite.delivery.start;

import io.shadowwrite.program.StartFailure;
import java.util.Optional;
import org.springframework.boot.SpringApplication;

/** The main method of every reader. */
public final class Program {

    private Program() {}

    /** Runs until it is told to stop; ends with 3 or 4 when it cannot start for an expected reason. */
    public static void run(Class<?> application, String... arguments) {
        try {
            SpringApplication.run(application, arguments);
        } catch (RuntimeException failure) {
            Optional<StartFailure> known = StartFailure.in(failure);
            if (known.isEmpty()) {
                throw failure;
            }
            System.exit(known.get().exitCode().code());
        }
    }
}
