package io.shadowwrite.cli.cutover;

import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.VerifierRun;
import io.shadowwrite.protocol.WireJson;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The comparison at the final LSN: the verifier, a program of its own, started as somebody would on the command line.
 *
 * @param command how it is started, with everything that it has to be told
 * @param bound after which it is ended
 */
public record Comparison(List<String> command, Duration bound) {

    private static final Duration ENDS_WITHIN = Duration.ofSeconds(10);

    public Comparison {
        command = List.copyOf(command);
    }

    /** What the caller looks at while he waits. */
    @FunctionalInterface
    interface Watch {

        /** Throws when there is nothing to wait for any more. */
        void check();
    }

    /**
     * Compares.
     *
     * @return the run, clean
     * @throws CutoverBlocked when it is not clean, or there is none
     */
    VerifierRun at(LogSequenceNumber finalLsn, Watch watch) throws InterruptedException {
        try {
            Path report = Files.createTempFile("cutover-verification", ".json");
            try {
                int code = run(finalLsn, report, watch);
                return clean(code, Files.readString(report));
            } finally {
                Files.deleteIfExists(report);
            }
        } catch (IOException e) {
            throw new CutoverBlocked(
                    "VERIFICATION_FAILED",
                    "the verifier cannot be started with '%s': %s"
                            .formatted(String.join(" ", command), e.getMessage()));
        }
    }

    private int run(LogSequenceNumber finalLsn, Path report, Watch watch) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(command);
        words.addAll(
                List.of("--mode=cutover", "--final-lsn=" + finalLsn.asString(), "--output=json", "--fail-on=dirty"));
        // Its steps are told where ours are.
        Process process = new ProcessBuilder(words)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(report.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            return ended(process, watch);
        } finally {
            process.destroy();
            try {
                process.onExit().get(ENDS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException alive) {
                process.destroyForcibly();
            }
        }
    }

    private int ended(Process process, Watch watch) throws InterruptedException {
        long deadline = System.nanoTime() + bound.toNanos();
        while (!process.waitFor(1, TimeUnit.SECONDS)) {
            watch.check();
            if (System.nanoTime() - deadline >= 0) {
                throw new CutoverBlocked(
                        "VERIFICATION_FAILED", "the verifier did not end within %ds".formatted(bound.toSeconds()));
            }
        }
        return process.exitValue();
    }

    private static VerifierRun clean(int code, String report) {
        VerifierRun run = read(code, report);
        if (run.verdict() == Verdict.CLEAN) {
            return run;
        }
        throw new CutoverBlocked(
                run.verdict().name(),
                "the comparison at the final LSN is %s: %s; ./shadow verify show %s"
                        .formatted(run.verdict(), run.reason(), run.runId()));
    }

    private static VerifierRun read(int code, String report) {
        try {
            JsonNode told = WireJson.mapper().readTree(report);
            JsonNode run = told.path("data").path("run");
            if (run.isObject()) {
                return WireJson.mapper().treeToValue(run, VerifierRun.class);
            }
            throw failed(code, told.path("reason").asString("it says why above"));
        } catch (JacksonException notAReport) {
            throw failed(code, "what it told cannot be read");
        }
    }

    private static CutoverBlocked failed(int code, String reason) {
        return new CutoverBlocked(
                "VERIFICATION_FAILED", "the verifier ended with %d and stored no run: %s".formatted(code, reason));
    }
}
