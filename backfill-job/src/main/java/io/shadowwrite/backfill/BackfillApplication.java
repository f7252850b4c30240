package io.shadowwrite.backfill;

import io.shadowwrite.contract.InvalidContract;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.replication.StreamProblem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;

/** Opens the window, says so, and ends with an {@link ExitCode}. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class BackfillApplication {

    private static final Logger LOG = LoggerFactory.getLogger(BackfillApplication.class);

    /** Runs the job and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        SpringApplication application = new SpringApplication(BackfillApplication.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        ExitCode code = ExitCode.INVALID; // what Spring itself reports, it reports about the configuration
        try (ConfigurableApplicationContext context = application.run(arguments)) {
            code = open(context.getBean(BackfillProperties.class));
        } catch (RuntimeException reported) {
            LOG.debug("the application did not start", reported);
        }
        System.exit(code.code());
    }

    private static ExitCode open(BackfillProperties properties) {
        try {
            return new WindowOpening(properties).run();
        } catch (InvalidContract invalid) {
            LOG.error("{}", invalid.getMessage());
            return ExitCode.INVALID;
        } catch (ShadowProblem refused) {
            LOG.error("{}", refused.getMessage());
            return refused.type().exitCode();
        } catch (StreamProblem unreachable) {
            LOG.error("{}", unreachable.getMessage());
            return ExitCode.UNREACHABLE;
        }
    }
}
