package io.shadowwrite.system.bench.backfill;

import io.shadowwrite.protocol.LoadState;
import io.shadowwrite.system.bench.BenchFailed;
import io.shadowwrite.system.bench.Cpu;
import io.shadowwrite.system.bench.Json;
import io.shadowwrite.system.bench.report.Machine;
import io.shadowwrite.system.suite.Launch;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.ProgramProcess;
import io.shadowwrite.system.suite.Suite;
import io.shadowwrite.system.traffic.Traffic;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Measures a load beside {@code pg_dump | pg_restore} of the same schema, both with the same writers on the source, in the same
 * run. Only their ratio means anything. At the end both databases are compared, after the stream has caught up.
 */
public final class BackfillBench {

    private static final long STARTED = System.nanoTime();
    private static final String CONTRACT = "contracts/src/main/resources/contracts/partners-to-unified";
    private static final Duration LOADED_WITHIN = Duration.ofHours(2);
    private static final Duration DRAINED_WITHIN = Duration.ofMinutes(30);
    private static final long LARGE = 500_000;
    private static final int WRITERS = 2;

    private final BackfillOptions options;
    private final Path logs;
    private final Database source;
    private final Database target;
    private final Database copy;

    private BackfillBench(BackfillOptions options, PostgresServer sourceServer, PostgresServer targetServer) {
        this.options = options;
        this.logs = temporary();
        Path definitions = options.home().resolve(CONTRACT);
        this.source = sourceServer.createDatabase("partners");
        this.target = targetServer.createDatabase("unified");
        this.copy = targetServer.createDatabase("copy");
        source.runScript(definitions.resolve("source.sql"));
        source.runScript(options.home().resolve("system-tests/src/main/resources/bench/verify/source.sql"));
        target.runScript(definitions.resolve("target.sql"));
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("shadow-bench-backfill-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Exit code 0 when the must is reached, 1 when not, 2 when the command line makes no sense. */
    public static void main(String[] arguments) {
        if (List.of(arguments).contains("--help")) {
            System.out.print(BackfillOptions.USAGE);
            return;
        }
        System.exit(exitCode(arguments));
    }

    private static int exitCode(String[] arguments) {
        try {
            return run(BackfillOptions.parse(arguments)).passes() ? 0 : 1;
        } catch (IllegalArgumentException usage) {
            System.err.printf("shadow bench backfill: %s%n%n%s", usage.getMessage(), BackfillOptions.USAGE);
            return 2;
        } catch (BenchFailed | AssertionError failed) {
            System.err.println("shadow bench backfill: " + failed.getMessage());
            return 1;
        }
    }

    /** Measures, prints and stores what was asked for. */
    static BackfillReport run(BackfillOptions options) {
        try (PostgresServer source = PostgresServer.start(PostgresServer.Role.SOURCE, settings(options.rows()));
                PostgresServer target = PostgresServer.start(PostgresServer.Role.TARGET, settings(options.rows()))) {
            BackfillReport report = new BackfillBench(options, source, target).measure();
            System.out.print(report.text());
            if (options.json() != null) {
                Json.write(options.json(), report.tree());
            }
            return report;
        }
    }

    private static PostgresServer.Settings settings(long rows) {
        PostgresServer.Settings settings = PostgresServer.Settings.defaults().syncing();
        return rows < LARGE ? settings : settings.with("shared_buffers", "1GB").with("max_wal_size", "8GB");
    }

    private BackfillReport measure() {
        source.execute("call bench.fill(" + options.rows() + ")", "vacuum analyze");
        say("the source is filled; logs are in " + logs);
        AtomicBoolean over = new AtomicBoolean();
        Traffic traffic = new Traffic(source.jdbcUrl(), source.user(), source.password(), 1, WRITERS);
        traffic.seedReferenceRows();
        CompletableFuture<Void> writers =
                CompletableFuture.runAsync(() -> traffic.run(Long.MAX_VALUE, options.changesPerSecond(), over::get));
        try {
            double dumpSeconds = dumpAndRestore();
            say("dump and restore: %.1f s".formatted(dumpSeconds));
            return load(dumpSeconds, over, writers);
        } finally {
            over.set(true);
            writers.join();
        }
    }

    /** Through a pipe, and uncompressed, which is the fastest that one connection does. */
    private double dumpAndRestore() {
        Path bin =
                Path.of(String.valueOf(source.queryForString("select setting from pg_config where name = 'BINDIR'")));
        List<ProcessBuilder> pipe = List.of(
                new ProcessBuilder(
                        bin.resolve("pg_dump").toString(),
                        "-Fc",
                        "-Z0",
                        "--no-owner",
                        "-n",
                        "partners",
                        address(source)),
                new ProcessBuilder(bin.resolve("pg_restore").toString(), "--no-owner", "-d", address(copy)));
        pipe.forEach(each -> each.redirectError(
                ProcessBuilder.Redirect.appendTo(logs.resolve("dump.log").toFile())));
        pipe.getLast()
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        logs.resolve("dump.log").toFile()));
        long began = System.nanoTime();
        try {
            for (Process process : ProcessBuilder.startPipeline(pipe)) {
                if (!process.waitFor(LOADED_WITHIN.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                    throw new BenchFailed("dump and restore failed; see " + logs.resolve("dump.log"));
                }
            }
        } catch (IOException e) {
            throw new BenchFailed("pg_dump cannot be started", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailed("interrupted", e);
        }
        return (System.nanoTime() - began) / 1e9;
    }

    private static String address(Database database) {
        return "postgresql://%s@%s:%d/%s".formatted(database.user(), database.host(), database.port(), database.name());
    }

    private BackfillReport load(double dumpSeconds, AtomicBoolean over, CompletableFuture<Void> writers) {
        System.setProperty("suite.optimized", "true");
        Path contract = options.home().resolve(CONTRACT).resolve("contract.json");
        try (Suite suite = new Suite(new Suite.Settings(options.home(), logs, contract, "bench", source, target));
                ProgramProcess api = suite.launch(suite.plan(Program.API));
                Connection here = source.connect();
                Connection there = target.connect()) {
            suite.awaitApi();
            Launch launch = suite.plan(Program.BACKFILL);
            if (options.readers() != null) {
                launch = launch.with("shadow.backfill.readers", options.readers());
            }
            long began = System.nanoTime();
            try (ProgramProcess backfill = suite.launch(launch)) {
                backfill.awaitLine("step load ", LOADED_WITHIN);
                Cpu before = cpu(api, backfill, here, there);
                backfill.awaitLine("step loaded ", LOADED_WITHIN);
                Map<String, Double> cpu = cpu(api, backfill, here, there).since(before);
                int code = backfill.exitWithin(LOADED_WITHIN);
                if (code != 0) {
                    throw new BenchFailed("the load ended with %d; see %s".formatted(code, backfill.log()));
                }
                double openSeconds = (System.nanoTime() - began) / 1e9;
                double loadSeconds = seconds(backfill, "step loaded ") - seconds(backfill, "step load ");
                say("loaded in %.1f s, open after %.1f s".formatted(loadSeconds, openSeconds));
                LoadState state = suite.api().loadState();
                over.set(true);
                writers.join();
                compare(suite);
                return new BackfillReport(
                        Machine.here(String.valueOf(source.queryForString("show server_version")))
                                .toString(),
                        state.rows(),
                        state.written(),
                        loadSeconds,
                        dumpSeconds,
                        openSeconds,
                        cpu);
            }
        } catch (SQLException e) {
            throw new BenchFailed("cannot look at a server", e);
        }
    }

    /** What the stream brought meanwhile is applied, and then everything is equal. */
    private static void compare(Suite suite) {
        suite.start(Program.CONSUMER);
        suite.start(Program.SLOT_READER);
        suite.awaitStreaming();
        suite.awaitDrained(DRAINED_WITHIN);
        say("the stream has caught up");
        int verdict = suite.verify();
        if (verdict != 0) {
            throw new BenchFailed("source and target differ after the load: the verifier ended with " + verdict);
        }
        say("verified equal");
    }

    private static Cpu cpu(ProgramProcess api, ProgramProcess backfill, Connection source, Connection target)
            throws SQLException {
        return Cpu.now(
                Map.of("shadow-api", api.pid(), "backfill-job", backfill.pid()),
                List.of(
                        new Cpu.Server("source", backend(source), List.of()),
                        new Cpu.Server("target", backend(target), List.of())));
    }

    private static long backend(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** As the program tells it: {@code step loaded 12.3s}. */
    private static double seconds(ProgramProcess backfill, String step) {
        String line = backfill.awaitLine(step, Duration.ofSeconds(1));
        String time = line.substring(line.indexOf(step) + step.length()).split("s", 2)[0];
        return Double.parseDouble(time);
    }

    private static void say(String message) {
        System.err.printf(Locale.ROOT, "[%6.1fs] %s%n", (System.nanoTime() - STARTED) / 1e9, message);
    }
}
