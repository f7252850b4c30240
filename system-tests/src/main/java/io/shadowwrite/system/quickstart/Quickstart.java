package io.shadowwrite.system.quickstart;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.protocol.FindingClass;
import io.shadowwrite.protocol.FindingSummary;
import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.Status;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.system.suite.Chaos;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.Suite;
import io.shadowwrite.system.traffic.Traffic;
import io.shadowwrite.system.traffic.TrafficReport;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Starts two PostgreSQL servers and the whole suite, writes live traffic, verifies under it, plants one fault, finds it,
 * repairs it, and says whether the proof holds. The exit code is the result.
 */
public final class Quickstart {

    private static final String CONTRACT = "contracts/src/main/resources/contracts/partners-to-unified";
    private static final Duration DRAINED_WITHIN = Duration.ofMinutes(4);
    private static final int WRITERS = 4;

    /** Nobody waits a week for a demonstration; that its hours are made up is said wherever they show. */
    private static final int REQUIRED_TICKS = 2;

    private static final Instant FIRST_HOUR = Instant.parse("2001-01-01T00:00:00Z");

    private static final double CHAOS_CHANGES_PER_SECOND = 2_500;
    private static final double STEADY_CHANGES_PER_SECOND = 1_000;

    private final Options options;
    private final Steps steps = new Steps(System.out);
    private final Path directory;

    // Counts on with every tick.
    private Instant hour = FIRST_HOUR;

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
                prove(suite, new ContractReader().read(contractFile), source, target);
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

    private void prove(Suite suite, Contract contract, Database source, Database target) {
        open(suite);
        Traffic traffic = new Traffic(source.jdbcUrl(), source.user(), source.password(), options.seed(), WRITERS);
        steps.step("write reference rows", "see the message", traffic::seedReferenceRows);
        long transactions = streamAndVerify(suite, traffic);
        drain(suite);
        expect(suite, Verdict.CLEAN, "verify at rest");
        catchPlantedFault(suite, contract, target);
        conclude(suite, traffic.changes(), transactions);
    }

    private void open(Suite suite) {
        suite.start(Program.API);
        suite.start(Program.CONSUMER);
        suite.start(Program.SLOT_READER);
        steps.step("start shadow-api", "read " + suite.log(Program.API), suite::awaitApi);
        steps.say("shadow-api answers on %s".formatted(suite.apiUrl()));
        steps.step(
                "open the window",
                "read " + suite.log(Program.BACKFILL),
                () -> suite.openSimulatedWindow(REQUIRED_TICKS));
        steps.say("window open: both slots exist; %d clean SIMULATED hours are asked for".formatted(REQUIRED_TICKS));
        steps.step(
                "stream from both slots",
                "read %s and %s".formatted(suite.log(Program.CONSUMER), suite.log(Program.SLOT_READER)),
                suite::awaitStreaming);
        steps.say("consumer and slot reader are streaming");
    }

    /** Traffic first, at full speed unless chaos must strike every daemon, then a tick under more of it; the source transactions. */
    private long streamAndVerify(Suite suite, Traffic traffic) {
        long started = System.nanoTime();
        double pace = options.chaos() ? CHAOS_CHANGES_PER_SECOND : Double.POSITIVE_INFINITY;
        CompletableFuture<TrafficReport> burst = inBackground(() -> traffic.run(options.changes(), pace, () -> false));
        if (options.chaos()) {
            chaos(suite, burst);
        }
        long transactions = burst.join().transactions();
        double written = seconds(started);
        steps.say("%,d row changes written in %.1f s".formatted(traffic.changes(), written));
        drain(suite);
        steps.say("all of them in the target after %.1f s: %,.0f changes/s end to end"
                .formatted(seconds(started), traffic.changes() / seconds(started)));
        AtomicBoolean verified = new AtomicBoolean();
        CompletableFuture<TrafficReport> steady =
                inBackground(() -> traffic.run(Long.MAX_VALUE, STEADY_CHANGES_PER_SECOND, verified::get));
        try {
            expect(suite, Verdict.CLEAN, "verify under traffic");
        } finally {
            verified.set(true);
        }
        return transactions + steady.join().transactions();
    }

    private static CompletableFuture<TrafficReport> inBackground(Supplier<TrafficReport> traffic) {
        return CompletableFuture.supplyAsync(
                traffic, task -> Thread.ofPlatform().name("traffic").start(task));
    }

    private static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }

    private void chaos(Suite suite, CompletableFuture<TrafficReport> traffic) {
        Chaos chaos = Chaos.start(suite, options.seed());
        try (chaos) {
            traffic.join();
        }
        steps.say("chaos killed with -9: %s".formatted(chaos.kills()));
        suite.awaitApi();
        steps.step("stream again after chaos", "read the logs in " + directory, suite::awaitStreaming);
    }

    private void drain(Suite suite) {
        steps.step(
                "drain both readers",
                "read %s and %s".formatted(suite.log(Program.CONSUMER), suite.log(Program.SLOT_READER)),
                () -> suite.awaitDrained(DRAINED_WITHIN));
    }

    private void catchPlantedFault(Suite suite, Contract contract, Database target) {
        PlantedFault fault = PlantedFault.plant(contract, target);
        steps.say("planted: one value of %s.%s changed in the target"
                .formatted(fault.model().name(), fault.column()));
        RunSummary dirty = expect(suite, Verdict.DIRTY, "verify after the planted fault");
        List<FindingSummary> findings =
                suite.api().findings(dirty.runId(), 10, null, null, null).findings();
        boolean named = findings.size() == 1
                && findings.getFirst().findingClass() == FindingClass.VALUE_MISMATCH
                && findings.getFirst().model().equals(fault.model().name())
                && findings.getFirst().columns().equals(List.of(fault.column()));
        if (!named) {
            throw new Steps.StepFailed(
                    "name the planted fault",
                    "compare the findings of run " + dirty.runId(),
                    new IllegalStateException("found " + findings.size() + " finding(s) instead of the planted one"));
        }
        FindingSummary finding = findings.getFirst();
        steps.say("found: %s in %s, key %s, column %s"
                .formatted(finding.findingClass(), finding.model(), finding.targetKey(), finding.columns()));
        fault.repair(target);
        for (int tick = 0; tick < REQUIRED_TICKS; tick++) {
            expect(suite, Verdict.CLEAN, "verify after the repair");
        }
    }

    private RunSummary expect(Suite suite, Verdict wanted, String what) {
        return steps.step(what, "read " + suite.log(Program.VERIFIER), () -> {
            long started = System.nanoTime();
            int code = suite.verify(hour);
            hour = hour.plus(Duration.ofHours(1));
            RunSummary run = suite.api().runs(1, null, null, null).runs().getFirst();
            if (run.verdict() != wanted) {
                throw new IllegalStateException(
                        "%s instead of %s (exit %d): %s".formatted(run.verdict(), wanted, code, run.reason()));
            }
            steps.say("%s: %s in %.1f s, %s".formatted(what, run.verdict(), seconds(started), run.reason()));
            return run;
        });
    }

    private void conclude(Suite suite, long changes, long transactions) {
        Status status = suite.api().status();
        System.out.println();
        System.out.printf("changes written     %,d in %,d source transactions%n", changes, transactions);
        status.criteria().forEach(criterion -> System.out.printf("%-19s %s%n", criterion.code(), criterion.detail()));
        System.out.printf("total               %d s%n", steps.elapsed().toSeconds());
        System.out.println();
        System.out.println("PROOF HOLDS");
        if (options.once()) {
            System.out.println("Next: write a contract for your own tables; start from " + CONTRACT + "/contract.json");
        } else {
            System.out.printf(
                    "Next: RDS_CDC_SHADOW_TOKEN=%s ./shadow status --api-url %s%n", suite.token(), suite.apiUrl());
            System.out.println("      ./quickstart --down removes everything");
        }
    }

    /** Keeps everything running until the process is told to end; what it started ends with it. */
    private void stay() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("result"), "0\n");
        new CountDownLatch(1).await();
    }
}
