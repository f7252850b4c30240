package io.shadowwrite.system.quickstart;

import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.protocol.Status;
import io.shadowwrite.system.suite.Suite;
import io.shadowwrite.system.traffic.Traffic;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * Starts two PostgreSQL servers and walks a migration from its pre-flight to its end, with a dead letter and a fault planted in between.
 * Says whether the proof holds; the exit code is the result.
 */
public final class Quickstart {

    private static final String CONTRACT = "contracts/src/main/resources/contracts/partners-to-unified";
    private static final int WRITERS = 4;

    private final Options options;
    private final Steps steps = new Steps(System.out);
    private final Path directory;

    private Quickstart(Options options, Path directory) {
        this.options = options;
        this.directory = directory;
    }

    /** Runs it; 0 when the proof holds. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Options options = Options.parse(arguments);
        Path directory = Files.createDirectories(options.home().resolve(".quickstart"));
        Files.deleteIfExists(directory.resolve("result"));
        int code = 1;
        try {
            code = new Quickstart(options, directory).run();
        } catch (Steps.StepFailed failed) {
            System.out.println("FAILED  " + failed.getMessage());
        } finally {
            Files.writeString(directory.resolve("result"), code + "\n");
        }
        System.exit(code);
    }

    private int run() throws IOException, InterruptedException {
        steps.say("seed %d%s".formatted(options.seed(), options.chaos() ? ", with chaos" : ""));
        try (PostgresServer sourceServer = server(PostgresServer.Role.SOURCE);
                PostgresServer targetServer = server(PostgresServer.Role.TARGET)) {
            Path contractFolder = options.home().resolve(CONTRACT);
            Database source = sourceServer.createDatabase("partners");
            Database target = targetServer.createDatabase("unified");
            source.runScript(contractFolder.resolve("source.sql"));
            target.runScript(contractFolder.resolve("target.sql"));
            steps.say("source on port %d, target on port %d, schemas created"
                    .formatted(sourceServer.port(), targetServer.port()));
            Path contractFile = contractFolder.resolve("contract.json");
            Suite.Settings settings = new Suite.Settings(
                    options.home(), Suite.logs(directory), contractFile, "partners-to-unified", source, target);
            try (Suite suite = new Suite(settings)) {
                prove(stage(suite, contractFile, source, target));
                if (!options.once()) {
                    stay();
                }
            }
        }
        return 0;
    }

    private PostgresServer server(PostgresServer.Role role) {
        return steps.step(
                "start the %s server".formatted(role),
                "run ./quickstart --install as root, or install postgresql-15 and postgresql-15-wal2json",
                () -> PostgresServer.start(
                        role, PostgresServer.Settings.defaults().syncing()));
    }

    private Stage stage(Suite suite, Path contract, Database source, Database target) {
        return new Stage(
                options,
                directory,
                steps,
                suite,
                new Operator(suite, options.home(), contract, source, target),
                new Hours(suite, steps),
                new ContractReader().read(contract),
                source,
                target,
                new Traffic(source.jdbcUrl(), source.user(), source.password(), options.seed(), WRITERS));
    }

    private void prove(Stage stage) {
        new Opening(stage).run();
        new Validation(stage).run();
        Ending ending = new Ending(stage);
        ending.cutOver();
        Status status = stage.suite().api().status();
        ending.decommission();
        conclude(stage, status);
    }

    private void conclude(Stage stage, Status status) {
        System.out.println();
        System.out.printf("changes written     %,d%n", stage.traffic().changes());
        status.criteria().forEach(criterion -> System.out.printf("%-19s %s%n", criterion.code(), criterion.detail()));
        System.out.printf("total               %d s%n", steps.elapsed().toSeconds());
        System.out.println();
        System.out.println("PROOF HOLDS");
        if (options.once()) {
            System.out.println("Next: write a contract for your own tables; start from " + CONTRACT + "/contract.json");
        } else {
            System.out.printf(
                    "Next: RDS_CDC_SHADOW_TOKEN=%s ./shadow status --api-url %s%n",
                    stage.suite().token(), stage.suite().apiUrl());
            System.out.println("      ./quickstart --down removes everything");
        }
    }

    /** Keeps everything running until the process is told to end; what it started ends with it. */
    private void stay() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("result"), "0\n");
        new CountDownLatch(1).await();
    }
}
