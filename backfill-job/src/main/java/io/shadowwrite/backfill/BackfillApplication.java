package io.shadowwrite.backfill;

import io.shadowwrite.contract.InvalidContract;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.replication.StreamProblem;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;

/** Opens the window, says so, and exits: 0 done, 3 contract or configuration invalid, 4 cannot connect, 13 refused. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class BackfillApplication {

    private static final Logger log = LoggerFactory.getLogger(BackfillApplication.class);

    private static final int INVALID = 3;
    private static final int UNREACHABLE = 4;

    /** Repeating the same command cannot help; another contract or other settings can. */
    private static final Set<ProblemType> SET_UP_WRONG = EnumSet.of(
            ProblemType.CONTRACT_MISMATCH,
            ProblemType.WINDOW_ALREADY_OPEN,
            ProblemType.WINDOW_MISMATCH,
            ProblemType.OPTIONS_DRIFT,
            ProblemType.SOURCE_CHANGED,
            ProblemType.MALFORMED_REQUEST);

    /** Runs the job and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        SpringApplication application = new SpringApplication(BackfillApplication.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        int code = INVALID; // what Spring itself reports, it reports about the configuration
        try (ConfigurableApplicationContext context = application.run(arguments)) {
            code = open(context.getBean(BackfillProperties.class));
        } catch (RuntimeException reported) {
            log.debug("the application did not start", reported);
        }
        System.exit(code);
    }

    private static int open(BackfillProperties properties) {
        try {
            return new WindowOpening(properties).run();
        } catch (InvalidContract invalid) {
            log.error("{}", invalid.getMessage());
            return INVALID;
        } catch (ShadowProblem refused) {
            log.error("{}", refused.getMessage());
            return exitCode(refused.type());
        } catch (StreamProblem unreachable) {
            log.error("{}", unreachable.getMessage());
            return UNREACHABLE;
        }
    }

    static int exitCode(ProblemType type) {
        return SET_UP_WRONG.contains(type) ? INVALID : UNREACHABLE;
    }
}
