package io.shadowwrite.verifier;

import io.shadowwrite.program.StartFailure;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.verification.session.VerificationProblem;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;

/** Runs one verification and ends; the exit code is 0 once the verdict is stored, whatever it is. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class VerifierApplication {

    private static final Logger LOG = LoggerFactory.getLogger(VerifierApplication.class);

    /** Ends the process with the code of {@link #run}. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** One run; answers the exit code. */
    static int run(String... arguments) {
        try (ConfigurableApplicationContext context = SpringApplication.run(VerifierApplication.class, arguments)) {
            return context.getBean(VerifierJob.class).run().code();
        } catch (RuntimeException failure) {
            return explained(failure, JobOptions.wantsJson(arguments));
        }
    }

    private static int explained(RuntimeException failure, boolean json) {
        Optional<StartFailure> known = StartFailure.in(failure, VerifierApplication::exitFor);
        known.ifPresentOrElse(
                expected -> LOG.error("The verifier cannot run: {}", expected.getMessage()),
                () -> LOG.error("The verifier failed unexpectedly", failure));
        if (json) {
            new Report(System.out, false)
                    .failure(known.map(Throwable::getMessage).orElse("the verifier failed unexpectedly"));
        }
        return known.map(StartFailure::exitCode).orElse(ExitCode.UNEXPECTED).code();
    }

    private static @Nullable ExitCode exitFor(Throwable cause) {
        return switch (cause) {
            case ShadowProblem problem -> problem.type().exitCode();
            case StreamProblem _, VerificationProblem _ -> ExitCode.UNREACHABLE;
            default -> null;
        };
    }
}
