package io.shadowwrite.system.suite;

import io.shadowwrite.testsupport.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** One running program with its log. Safe for any thread. */
public final class ProgramProcess implements AutoCloseable {

    private static final int SIGKILL_EXIT = 137;
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(20);

    private static final Set<Process> STARTED = ConcurrentHashMap.newKeySet();

    private static volatile boolean ending;

    static {
        // A program must not outlive the one that started it, whatever ended that one.
        Runtime.getRuntime().addShutdownHook(new Thread(ProgramProcess::endAll, "programs-cleanup"));
    }

    private final String name;
    private final Process process;
    private final Path log;

    private ProgramProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    private static void endAll() {
        ending = true;
        STARTED.forEach(Process::destroyForcibly);
    }

    /** Starts the command; its output is appended to the log. */
    static ProgramProcess start(String name, List<String> command, Map<String, String> environment, Path log) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            STARTED.removeIf(each -> !each.isAlive());
            STARTED.add(process);
            if (ending) {
                // Somebody who starts again what dies does not know that all of it shall end.
                process.destroyForcibly();
            }
            return new ProgramProcess(name, process, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Its process. */
    public long pid() {
        return process.pid();
    }

    /** Ends the process as the kernel would: no handler of it runs. */
    public void kill() {
        process.destroyForcibly();
        exitWithin(Duration.ofSeconds(10));
    }

    /** Asks the process to end, and kills it when it has not ended within the bound. */
    public void stop(Duration bound) {
        process.destroy();
        try {
            if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    /** Waits for the end of a program that ends by itself; its exit code. */
    public int exitWithin(Duration bound) {
        try {
            if (process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        throw new ProgramFailed(name, SIGKILL_EXIT, "did not end within " + bound, this);
    }

    /** Returns the first line of the log that contains the text, as soon as there is one. */
    public String awaitLine(String text, Duration bound) {
        return Await.untilValue(
                        "'%s' in %s".formatted(text, log),
                        bound,
                        () -> lines().stream()
                                .filter(line -> line.contains(text))
                                .toList(),
                        found -> !found.isEmpty())
                .getFirst();
    }

    /** Where its output goes. */
    public Path log() {
        return log;
    }

    /** Everything in its log, that of earlier runs under the same name included. */
    public List<String> lines() {
        try {
            return new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            return List.of("(" + log + " cannot be read: " + e.getMessage() + ")");
        }
    }

    /** The end of the log, for a person. */
    String lastLines(int count) {
        List<String> lines = lines();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
    }

    /** Stops it gracefully, if it still runs. */
    @Override
    public void close() {
        stop(STOPPED_WITHIN);
    }
}
