package io.shadowwrite.testsupport;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * An operating system command. PostgreSQL refuses to run as root, so root runs it as the user {@code postgres}.
 *
 * <p>The kernel sends the death signal of a child when the <em>thread</em> that started it ends, so one thread that lives
 * as long as the JVM starts every server.
 */
record Command(List<String> words) {

    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final ExecutorService LAUNCHER = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("postgres-launcher").factory());

    /** What a finished command left: exit code and both output streams as one text. */
    record Result(int exitCode, String output) {}

    Command {
        words = List.copyOf(words);
    }

    static Command of(String... words) {
        return new Command(List.of(words));
    }

    /** The user that owns the files of a server, empty when that is simply the current user. */
    static String serverUser() {
        return ROOT ? "postgres" : "";
    }

    /** The same command as a user PostgreSQL accepts; where setpriv exists it is interrupted when this JVM dies. */
    Command asServerUser() {
        List<String> switched = new ArrayList<>();
        if (ROOT) {
            switched.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"));
            switched.addAll(List.of("--pdeathsig", "INT"));
        } else if (Files.isExecutable(SETPRIV)) {
            switched.addAll(List.of("setpriv", "--pdeathsig", "INT"));
        }
        switched.addAll(words);
        return new Command(switched);
    }

    /** Starts the command in {@code /}, both outputs appended to {@code log}. */
    Process start(Path log) {
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(new File("/"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            return LAUNCHER.submit(builder::start).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while starting " + words, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Cannot run " + words + ": " + e.getCause(), e);
        }
    }

    /** Runs to the end, at most a minute. */
    Result run() {
        try {
            Path output = Files.createTempFile("shadow-command-", ".txt");
            try {
                Process process = start(output);
                if (!waitFor(process, BOUND)) {
                    process.destroyForcibly();
                    throw new IllegalStateException(words + " did not finish within " + BOUND);
                }
                return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs to the end and returns the output; a non-zero exit code is an error that shows it. */
    String runOrThrow() {
        Result result = run();
        if (result.exitCode() != 0) {
            throw new IllegalStateException(
                    words + " failed with exit code " + result.exitCode() + ": " + result.output());
        }
        return result.output().strip();
    }

    static boolean waitFor(Process process, Duration bound) {
        try {
            return process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a process", e);
        }
    }
}
