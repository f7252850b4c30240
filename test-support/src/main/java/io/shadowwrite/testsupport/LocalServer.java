package io.shadowwrite.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A server that runs from binaries on this machine. */
final class LocalServer implements ServerProcess {

    /** Recovery after a crash included, on a machine that does other things as well. */
    private static final Duration START_BOUND = Duration.ofMinutes(2);

    private static final Duration STOP_BOUND = Duration.ofSeconds(30);
    private static final int PORT_TRIES = 5;
    private static final int LOG_LINES_SHOWN = 15;

    private final Installation installation;
    private final Path directory;
    private final boolean throwAway;
    private final boolean portIsFixed;
    private final Runnable atExit = this::close;
    private int port;
    private @Nullable Process process;

    LocalServer(Installation installation, PostgresServer.Settings settings, String configuration) {
        this.installation = installation;
        Path chosen = settings.directory();
        this.throwAway = chosen == null;
        this.directory = chosen == null ? Scratch.newDirectory() : Scratch.own(chosen.toAbsolutePath());
        this.portIsFixed = settings.port() != 0;
        this.port = portIsFixed ? settings.port() : LoopbackPort.free();
        if (!Files.exists(data().resolve("PG_VERSION"))) {
            DataTemplate.of(installation).copyTo(data());
        }
        write(configuration);
        Scratch.atExit(atExit);
    }

    private void write(String configuration) {
        try {
            Files.writeString(data().resolve(DataTemplate.SETTINGS_FILE), configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path data() {
        return directory.resolve("data");
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public Path log() {
        return directory.resolve("server.log");
    }

    @Override
    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    @Override
    public void start() {
        int tries = portIsFixed || process != null ? 1 : PORT_TRIES;
        for (int attempt = 1; attempt <= tries; attempt++) {
            Process started = launch();
            process = started;
            if (isReady(started)) {
                return;
            }
            if (attempt < tries && tail().contains("could not bind")) {
                port = LoopbackPort.free();
            } else {
                break;
            }
        }
        throw new IllegalStateException("PostgreSQL did not start on port " + port + ":\n" + tail());
    }

    @Override
    public void begin() {
        if (isRunning()) {
            throw new IllegalStateException("PostgreSQL on port " + port + " runs already");
        }
        process = launch();
    }

    private Process launch() {
        return Command.of(
                        installation.program("postgres"),
                        "-D",
                        data().toString(),
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=")
                .asServerUser()
                .start(log());
    }

    /** Waits until the server accepts connections (true) or has ended (false). */
    private boolean isReady(Process started) {
        Await.until(
                "PostgreSQL accepts connections on port " + port,
                START_BOUND,
                () -> !started.isAlive() || pidFileSaysReady(started.pid()));
        return started.isAlive();
    }

    /** Line 1 is the process, line 8 its state; a file left by a killed server has another process. */
    private boolean pidFileSaysReady(long pid) {
        Path file = data().resolve("postmaster.pid");
        try {
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            return lines.size() >= 8
                    && lines.get(0).equals(Long.toString(pid))
                    && lines.get(7).strip().equals("ready");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String tail() {
        try {
            List<String> lines = new String(Files.readAllBytes(log()), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
        } catch (IOException e) {
            return "no log at " + log();
        }
    }

    @Override
    public void stopFast(Duration bound) {
        if (!stop("INT", bound)) {
            throw new IllegalStateException("PostgreSQL on port " + port + " is still there after " + bound
                    + "; a replication client that does not confirm what it received holds it");
        }
    }

    @Override
    public void crash() {
        if (!stop("QUIT", STOP_BOUND)) {
            throw new IllegalStateException("PostgreSQL on port " + port + " survived an immediate shutdown");
        }
    }

    /**
     * The first process is stopped before its children are looked for, so that it neither starts another one nor notices
     * that some are gone and begins to recover.
     */
    @Override
    public void kill() {
        Process first = process;
        if (first == null || !first.isAlive()) {
            return;
        }
        Command.of("kill", "-STOP", Long.toString(first.pid())).run();
        List<ProcessHandle> children = first.descendants().toList();
        first.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        boolean gone = Command.waitFor(first, STOP_BOUND);
        Await.until(
                "the children of the killed server on port " + port + " are gone",
                STOP_BOUND,
                () -> gone && children.stream().noneMatch(ProcessHandle::isAlive));
    }

    private boolean stop(String signal, Duration bound) {
        Process running = process;
        if (running == null || !running.isAlive()) {
            return true;
        }
        Command.of("kill", "-" + signal, Long.toString(running.pid())).run();
        return Command.waitFor(running, bound);
    }

    @Override
    public void close() {
        Scratch.notAtExit(atExit);
        boolean stopped = throwAway ? stop("QUIT", STOP_BOUND) : stop("INT", STOP_BOUND) || stop("QUIT", STOP_BOUND);
        if (!stopped && process != null) {
            process.destroyForcibly();
        }
        if (throwAway) {
            Scratch.delete(directory);
        }
    }
}
