package io.shadowwrite.backfill;

import io.shadowwrite.backfill.load.LoadProgress;
import io.shadowwrite.backfill.snapshot.SnapshotLost;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.contract.InvalidContract;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.source.SourceConnection;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;

/** Opens the window, shows how far that is, or takes it away; says so, and ends with an {@link ExitCode}. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class BackfillApplication {

    private static final Logger LOG = LoggerFactory.getLogger(BackfillApplication.class);

    /** Emptying the tables of a load that was nearly complete. */
    private static final Duration LONGEST_CLEANUP = Duration.ofMinutes(40);

    /** Runs the job and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        SpringApplication application = new SpringApplication(BackfillApplication.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        ExitCode code = ExitCode.INVALID; // what Spring itself reports, it reports about the configuration
        try (ConfigurableApplicationContext context = application.run(arguments)) {
            code = run(context.getBean(ApplicationArguments.class), context.getBean(BackfillProperties.class));
        } catch (RuntimeException reported) {
            LOG.debug("the application did not start", reported);
        }
        System.exit(code.code());
    }

    private static ExitCode run(ApplicationArguments arguments, BackfillProperties properties) {
        try {
            return command(arguments, properties);
        } catch (InvalidContract invalid) {
            LOG.error("{}", invalid.getMessage());
            return ExitCode.INVALID;
        } catch (ShadowProblem refused) {
            LOG.error("{}", refused.getMessage());
            return refused.type().exitCode();
        } catch (StreamProblem unreachable) {
            LOG.error("{}", unreachable.getMessage());
            return ExitCode.UNREACHABLE;
        } catch (SnapshotLost lost) {
            LOG.error("SNAPSHOT_GONE: {}", lost.getMessage());
            return ExitCode.UNREACHABLE;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return ExitCode.UNEXPECTED;
        } catch (RuntimeException unexpected) {
            LOG.error("The job failed unexpectedly", unexpected);
            return ExitCode.UNEXPECTED;
        }
    }

    private static ExitCode command(ApplicationArguments arguments, BackfillProperties properties)
            throws InterruptedException {
        List<String> words = arguments.getNonOptionArgs();
        String word = words.isEmpty() ? "run" : words.getFirst();
        SourceConnection source = new SourceConnection(
                properties.source().url(),
                properties.source().user(),
                properties.source().password());
        LoadProgress progress = new LoadProgress(System.err);
        if (words.size() > 1) {
            return unknown(words.toString());
        }
        return switch (word) {
            case "run" -> {
                Contract contract =
                        new ContractReader().read(properties.contract().location());
                yield new WindowOpening(
                                properties,
                                contract,
                                api(properties, properties.api().timeout()),
                                source,
                                progress)
                        .run();
            }
            case "status" -> new LoadReport(api(properties, properties.api().timeout()), System.out).tell();
            case "cleanup" ->
                new Cleanup(properties, api(properties, LONGEST_CLEANUP), source, progress)
                        .run(
                                arguments.containsOption("yes"),
                                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
            default -> unknown(word);
        };
    }

    private static ExitCode unknown(String words) {
        LOG.error("There is no command {}; there are run, status and cleanup [--yes]", words);
        return ExitCode.USAGE;
    }

    private static ShadowApi api(BackfillProperties properties, Duration timeout) {
        return ShadowApiClient.connect(properties.api().url(), properties.api().operatorToken(), timeout);
    }
}
