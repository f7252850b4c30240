package io.shadowwrite.backfill;

import io.shadowwrite.backfill.load.LoadProgress;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.LoadEnd;
import io.shadowwrite.protocol.Patience;
import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the load compared while its snapshot is still there, by a program that shares no code with it, and lets the stream go on
 * when it was found equal. What counts is what shadow-api has stored, whoever ran the comparison.
 */
final class Verification {

    private static final Logger LOG = LoggerFactory.getLogger(Verification.class);
    private static final String MODE = "post-backfill";
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int MOST_RUNS = 100;

    /** A comparison that came to no verdict may come to one when it is tried again. */
    private static final int MOST_STARTS = 3;

    private final BackfillProperties properties;
    private final ShadowApi api;
    private final LoadProgress progress;
    private final LogSequenceNumber snapshotLsn;
    private final Patience patience;

    Verification(BackfillProperties properties, ShadowApi api, LoadProgress progress, LogSequenceNumber snapshotLsn) {
        this.properties = properties;
        this.api = api;
        this.progress = progress;
        this.snapshotLsn = snapshotLsn;
        this.patience = properties.backfill().patience();
    }

    /**
     * Waits for the verdict.
     *
     * @param snapshot asked for a name by which the snapshot can be imported now
     */
    ExitCode await(Supplier<String> snapshot) throws InterruptedException {
        long deadline =
                System.nanoTime() + properties.backfill().verifyTimeout().toNanos();
        @Nullable UUID before = last().map(RunSummary::runId).orElse(null);
        // A verifier that has no target would end at once.
        boolean canStart = !properties.backfill().verifierCommand().isEmpty()
                && !properties.target().url().isEmpty();
        Optional<RunSummary> run = Optional.empty();
        for (int started = 0; canStart && started < MOST_STARTS && !isVerdict(run); started++) {
            run(arguments(snapshot.get()), deadline);
            run = last().filter(each -> !each.runId().equals(before));
        }
        if (!isVerdict(run)) {
            LOG.warn(
                    "The load is complete and waits to be compared: ./shadow verify run {}",
                    String.join(" ", arguments(snapshot.get())));
            run = awaitRun(before, deadline);
        }
        return decided(run);
    }

    private static boolean isVerdict(Optional<RunSummary> run) {
        return run.filter(each -> each.verdict() != Verdict.INCONCLUSIVE).isPresent();
    }

    /** Whether the comparison has been made already, by a run of this job that died afterwards. */
    boolean isDone() throws InterruptedException {
        return last().filter(run -> run.verdict() == Verdict.CLEAN).isPresent();
    }

    /** The youngest comparison of this snapshot that ended. */
    private Optional<RunSummary> last() throws InterruptedException {
        return patience.call(() -> api.runs(MOST_RUNS, null, MODE, null)).runs().stream()
                .filter(run -> run.finishedAt() != null && snapshotLsn.equals(run.pinLsn()))
                .findFirst();
    }

    private Optional<RunSummary> awaitRun(@Nullable UUID before, long deadline) throws InterruptedException {
        while (System.nanoTime() - deadline < 0) {
            Optional<RunSummary> run =
                    last().filter(each -> !each.runId().equals(before) && each.verdict() != Verdict.INCONCLUSIVE);
            if (run.isPresent()) {
                return run;
            }
            Thread.sleep(POLL);
        }
        return Optional.empty();
    }

    private ExitCode decided(Optional<RunSummary> found) throws InterruptedException {
        if (found.isEmpty()) {
            LOG.error(
                    "Nobody compared the load within {} (shadow.backfill.verify-timeout); run ./shadow backfill cleanup",
                    properties.backfill().verifyTimeout());
            return ExitCode.TIMED_OUT;
        }
        RunSummary run = found.get();
        progress.step("verified", "%s as run %s: %s".formatted(run.verdict(), run.runId(), run.reason()));
        return switch (run.verdict()) {
            case CLEAN -> {
                stream();
                yield ExitCode.DONE;
            }
            case DIRTY -> {
                LOG.error(
                        "What was loaded differs from the source: ./shadow verify show {}. Then run ./shadow backfill cleanup",
                        run.runId());
                yield ExitCode.DIRTY;
            }
            case INCONCLUSIVE -> ExitCode.INCONCLUSIVE;
        };
    }

    /** Lets the stream go on. */
    void stream() throws InterruptedException {
        patience.call(() -> api.stream(new LoadEnd(properties.migrationId(), snapshotLsn)));
        progress.step("streaming", "window " + properties.migrationId());
    }

    private List<String> arguments(String snapshot) {
        List<String> arguments = new ArrayList<>(List.of(
                "--mode=" + MODE,
                "--snapshot=" + snapshot,
                "--snapshot-lsn=" + snapshotLsn.asString(),
                "--shadow.migration-id=" + properties.migrationId(),
                "--shadow.contract.location=" + properties.contract().location(),
                "--shadow.api.url=" + properties.api().url(),
                "--shadow.source.url=" + properties.source().url(),
                "--shadow.source.user=" + properties.source().user()));
        if (!properties.target().url().isEmpty()) {
            arguments.add("--shadow.target.url=" + properties.target().url());
            arguments.add("--shadow.target.user=" + properties.target().user());
        }
        return arguments;
    }

    private void run(List<String> arguments, long deadline) throws InterruptedException {
        List<String> command = new ArrayList<>(properties.backfill().verifierCommand());
        command.addAll(arguments);
        progress.step("verify", String.join(" ", properties.backfill().verifierCommand()));
        try {
            Process verifier = new ProcessBuilder(command).inheritIO().start();
            try {
                verifier.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } finally {
                verifier.destroy();
            }
        } catch (IOException e) {
            LOG.error(
                    "{} cannot be started ({}); set shadow.backfill.verifier-command",
                    command.getFirst(),
                    e.getMessage());
        }
    }
}
