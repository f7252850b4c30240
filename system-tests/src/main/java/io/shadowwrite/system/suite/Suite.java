package io.shadowwrite.system.suite;

import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.LoopbackPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * The programs of the suite against one source and one target, each in its own JVM. Programs may be killed and started
 * from any thread.
 */
public final class Suite implements AutoCloseable {

    /** Long for one program, but a dozen may start at a time on a small machine; one that ended is noticed at once. */
    private static final Duration STARTED_WITHIN = Duration.ofMinutes(5);

    private static final Duration JOB_ENDS_WITHIN = Duration.ofMinutes(5);
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(20);
    private static final String TOKEN = "service-token-of-this-run";
    private static final String OPERATOR_TOKEN = "operator-token-of-this-run";
    private static final List<Program> DAEMONS = List.of(Program.API, Program.CONSUMER, Program.SLOT_READER);

    private final Settings settings;
    private final Map<Program, Integer> ports = new EnumMap<>(Program.class);
    private final Map<Program, ProgramProcess> running = new EnumMap<>(Program.class);
    private final ShadowApi api;

    /** Null where the programs connect directly. */
    private final @Nullable Links links;

    /**
     * Where everything is.
     *
     * @param home the checkout that holds the built jars
     * @param directory for logs; must exist
     * @param contract the contract file
     */
    public record Settings(
            Path home, Path directory, Path contract, String migrationId, Database source, Database target) {}

    /** A suite of which nothing runs yet. */
    public Suite(Settings settings) {
        this(settings, false);
    }

    /** The same, with every connection of its programs through {@link #links()}. */
    public static Suite linked(Settings settings) {
        return new Suite(settings, true);
    }

    private Suite(Settings settings, boolean linked) {
        this.settings = settings;
        for (Program daemon : DAEMONS) {
            ports.put(daemon, LoopbackPort.free());
        }
        this.api = ShadowApiClient.connect(apiUrl(), OPERATOR_TOKEN, Duration.ofSeconds(10));
        this.links = linked ? new Links(settings.source(), settings.target(), apiUrl().getPort()) : null;
    }

    /** What stands between the programs and what they connect to. */
    public Links links() {
        return Objects.requireNonNull(links, "the programs of this suite connect directly");
    }

    /** Where shadow-api listens. */
    public URI apiUrl() {
        return URI.create("http://127.0.0.1:" + ports.get(Program.API));
    }

    /** The API with an operator's rights. */
    public ShadowApi api() {
        return api;
    }

    /** The service token, for a shell of the user. */
    public String token() {
        return TOKEN;
    }

    /** The log of a program; all its starts append to it. */
    public Path log(Program program) {
        return settings.directory().resolve(program.module() + ".log");
    }

    /** Starts a daemon that does not run. */
    public synchronized void start(Program daemon) {
        if (runs(daemon)) {
            throw new IllegalStateException(daemon + " runs already");
        }
        running.put(daemon, launch(plan(daemon)));
    }

    /** Whether a daemon was started here and is still there. */
    public synchronized boolean runs(Program daemon) {
        ProgramProcess process = running.get(daemon);
        return process != null && process.isAlive();
    }

    /** Kills a daemon as the kernel would. */
    public synchronized void kill(Program daemon) {
        Objects.requireNonNull(running.remove(daemon), "the daemon does not run")
                .kill();
    }

    /** The exit code of a daemon that ended by itself; empty while it runs, and when it was killed or stopped. */
    public synchronized OptionalInt endedWith(Program daemon) {
        ProgramProcess process = running.get(daemon);
        return process == null || process.isAlive()
                ? OptionalInt.empty()
                : OptionalInt.of(process.exitWithin(Duration.ofSeconds(1)));
    }

    /** Asks a daemon to stop gracefully. */
    public synchronized void stop(Program daemon) {
        Objects.requireNonNull(running.remove(daemon), "the daemon does not run")
                .stop(STOPPED_WITHIN);
    }

    /** Returns when the API answers; fails with the end of its log when it died, or with its last answer. */
    public void awaitApi() {
        Await.untilValue("shadow-api answers", STARTED_WITHIN, this::answer, answer -> {
            failIfDead(Program.API);
            return answer.isEmpty();
        });
    }

    /** Empty, or why there is none. */
    private String answer() {
        try {
            api.status();
            return "";
        } catch (ShadowProblem notYet) {
            return String.valueOf(notYet.getMessage());
        }
    }

    /** Returns when both readers stream; fails when one of them died or halted. */
    public void awaitStreaming() {
        Await.untilValue("both readers stream", STARTED_WITHIN, this::readers, readers -> {
            failIfDead(Program.CONSUMER);
            failIfDead(Program.SLOT_READER);
            readers.forEach(Suite::failIfHalted);
            return readers.size() == 2
                    && readers.stream().allMatch(reader -> reader.state().equals("STREAMING"));
        });
    }

    /** Runs the job that opens the window, for hours of the source's clock. */
    public void openWindow() {
        openWindow(plan(Program.BACKFILL));
    }

    /** The same for hours of a simulated clock. */
    public void openSimulatedWindow(int requiredTicks) {
        openWindow(plan(Program.BACKFILL)
                .with("shadow.sc3-clock", "simulated")
                .with("shadow.sc3-required-ticks", requiredTicks));
    }

    private void openWindow(Launch opening) {
        int code = run(opening, JOB_ENDS_WITHIN);
        if (code != 0) {
            throw new ProgramFailed(
                    Program.BACKFILL.module(), code, "did not open the window", lastRun(Program.BACKFILL));
        }
    }

    /** Runs one tick; returns the job's exit code: 0 clean, 10 dirty, 12 inconclusive, anything else a failure to run. */
    public int verify() {
        return run(hourly(), JOB_ENDS_WITHIN);
    }

    /** The same for hours of a simulated clock, one tick after the other until one is not clean. */
    public int verify(Instant firstSimulatedHour, int hours) {
        return run(
                hourly().with("simulated-clock", firstSimulatedHour).with("simulated-hours", hours), JOB_ENDS_WITHIN);
    }

    private Launch hourly() {
        return plan(Program.VERIFIER).with("mode", "hourly").with("fail-on", "dirty");
    }

    /** Returns when both readers have passed everything the source has committed by now. */
    public void awaitDrained(Duration bound) {
        LogSequenceNumber now = LogSequenceNumber.valueOf(Objects.requireNonNull(settings.source()
                .queryForString("SELECT pg_logical_emit_message(true, 'shadow.marker', 'drain')::text")));
        Await.untilValue("both readers reached " + now.asString(), bound, this::readers, readers -> {
            DAEMONS.forEach(this::failIfDead);
            readers.forEach(Suite::failIfHalted);
            return readers.size() == 2
                    && readers.stream().allMatch(reader -> reader.position().compareTo(now) >= 0);
        });
    }

    private List<ReaderPosition> readers() {
        try {
            return api.positions();
        } catch (ShadowProblem unavailable) {
            return List.of();
        }
    }

    private static void failIfHalted(ReaderPosition reader) {
        if (reader.state().equals("HALTED")) {
            throw new AssertionError("%s halted: %s".formatted(reader.side(), reader.reason()));
        }
    }

    private synchronized void failIfDead(Program daemon) {
        ProgramProcess process = running.get(daemon);
        if (process != null && !process.isAlive()) {
            throw new AssertionError(
                    new ProgramFailed(daemon.module(), process.exitWithin(Duration.ofSeconds(1)), "ended", process)
                            .getMessage());
        }
    }

    /** Runs a job that ends by itself, as planned or as the caller varied the plan; returns its exit code. */
    public int run(Launch job) {
        return run(job, JOB_ENDS_WITHIN);
    }

    private int run(Launch job, Duration bound) {
        ProgramProcess process = launch(job);
        synchronized (this) {
            running.put(job.program(), process);
        }
        return process.exitWithin(bound);
    }

    private synchronized ProgramProcess lastRun(Program program) {
        return Objects.requireNonNull(running.get(program));
    }

    /** Starts a program as planned, or as the caller varied the plan; the caller ends it. */
    public ProgramProcess launch(Launch launch) {
        return launch.start(settings.home(), settings.directory());
    }

    /** How a program of this suite is started. */
    public Launch plan(Program program) {
        Map<String, String> arguments = new LinkedHashMap<>();
        arguments.put("shadow.contract.location", settings.contract().toString());
        arguments.put("shadow.migration-id", settings.migrationId());
        Integer port = ports.get(program);
        if (port != null) {
            arguments.put("server.port", port.toString());
            arguments.put("server.address", "127.0.0.1");
        }
        if (program != Program.API) {
            arguments.put("shadow.api.url", apiUrl().toString());
            arguments.put("shadow.source.url", settings.source().jdbcUrl());
            arguments.put("shadow.source.user", settings.source().user());
        }
        if (program == Program.API || program == Program.VERIFIER || program == Program.BACKFILL) {
            arguments.put("shadow.target.url", settings.target().jdbcUrl());
            arguments.put("shadow.target.user", settings.target().user());
        }
        if (program == Program.BACKFILL) {
            arguments.put("shadow.backfill.verifier-command", String.join(",", verifierCommand()));
        }
        Launch launch = new Launch(program, List.of(), program.module(), arguments, environment());
        return links == null ? launch : links.through(launch);
    }

    private List<String> verifierCommand() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.timezone=UTC",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                Program.VERIFIER.jar(settings.home()).toString());
    }

    private Map<String, String> environment() {
        return Map.of(
                "RDS_CDC_SHADOW_TOKEN",
                TOKEN,
                "RDS_CDC_SHADOW_OPERATOR_TOKEN",
                OPERATOR_TOKEN,
                "SHADOW_SOURCE_PASSWORD",
                settings.source().password(),
                "SHADOW_TARGET_PASSWORD",
                settings.target().password());
    }

    /** Stops every program that runs, readers first. */
    @Override
    public synchronized void close() {
        for (Program program : DAEMONS.reversed()) {
            ProgramProcess process = running.get(program);
            if (process != null) {
                process.stop(STOPPED_WITHIN);
            }
        }
        if (links != null) {
            links.close();
        }
    }

    /** A directory for logs below the given one, made when missing. */
    public static Path logs(Path parent) {
        try {
            return Files.createDirectories(parent.resolve("logs"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
