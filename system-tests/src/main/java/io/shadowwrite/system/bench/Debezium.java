package io.shadowwrite.system.bench;

import io.shadowwrite.system.bench.report.Entrant;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Debezium's embedded engine and its JDBC sink in one process of their own: one row for each event, into the same tables as
 * those of the source. No Kafka stands between them, which flatters them.
 */
final class Debezium implements Contender, AutoCloseable {

    private static final String MODULE = "benchmarks/debezium/target";
    private static final String SLOT = "debezium";
    private static final long ENDS_WITHIN_SECONDS = 30;

    private final Source source;
    private final Database target;
    private final Process process;
    private final Path log;

    private Debezium(Source source, Database target, Process process, Path log) {
        this.source = source;
        this.target = target;
        this.process = process;
        this.log = log;
    }

    /** Creates slot and tables and starts the process. */
    static Debezium start(Path home, Source source, Database target, Path definitions, Path logs) {
        source.createSlot(SLOT);
        target.runScript(definitions.resolve("source.sql"));
        Path log = logs.resolve("debezium.log");
        Path module = home.resolve(MODULE);
        try {
            Path offsets = Files.createTempDirectory("shadow-bench-debezium-");
            Process process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-Xmx1g",
                            "-cp",
                            module.resolve("classes") + ":" + classpath(module.resolve("bench.classpath")),
                            "io.shadowwrite.bench.debezium.Pipe",
                            source.database().host(),
                            Integer.toString(source.database().port()),
                            source.database().name(),
                            target.host(),
                            Integer.toString(target.port()),
                            target.name(),
                            SLOT,
                            Source.PUBLICATION,
                            offsets.toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            return new Debezium(source, target, process, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String classpath(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new BenchFailed("Debezium is not built; run ./mvnw -Pdebezium -pl benchmarks/debezium package");
        }
        return Files.readString(file).strip();
    }

    @Override
    public Entrant entrant() {
        return Entrant.DEBEZIUM;
    }

    @Override
    public Database target() {
        return target;
    }

    @Override
    public String movements() {
        return "bench.movement";
    }

    @Override
    public List<String> slots() {
        return List.of(SLOT);
    }

    @Override
    public Map<String, Long> processes() {
        return Map.of("debezium", process.pid());
    }

    @Override
    public void release() {
        command("release");
    }

    @Override
    public boolean reached(Backlog backlog, Observer observer) {
        if (!process.isAlive()) {
            throw new BenchFailed("Debezium ended; its log is " + log);
        }
        return observer.number("SELECT count(*) FROM bench.marker WHERE id = ?", backlog.marker()) == 1;
    }

    @Override
    public String image() {
        return Source.IMAGE;
    }

    @Override
    public void check(Backlog backlog, Observer observer) {
        // It writes nothing but rows.
    }

    @Override
    public void rest() {
        command("rest");
        Await.until(SLOT + " is not read any more; log " + log, PATIENCE, () -> !source.isRead(SLOT));
    }

    private void command(String word) {
        try {
            OutputStream commands = process.getOutputStream();
            commands.write((word + "\n").getBytes(StandardCharsets.US_ASCII));
            commands.flush();
        } catch (IOException e) {
            throw new BenchFailed("Debezium does not listen; its log is " + log, e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
