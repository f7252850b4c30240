package io.shadowwrite.verifier;

import static java.util.Objects.requireNonNull;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.program.SourceLook;
import io.shadowwrite.program.StartFailure;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.RunStart;
import io.shadowwrite.protocol.RunStored;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.VerifierRun;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.replication.Lsn;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.verification.Tick;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.TickSettings;
import io.shadowwrite.verification.pin.BarrierPin;
import io.shadowwrite.verification.pin.CheckedPin;
import io.shadowwrite.verification.pin.FallbackPin;
import io.shadowwrite.verification.pin.Pin;
import io.shadowwrite.verification.pin.PinSettings;
import io.shadowwrite.verification.pin.RaceWindowPin;
import io.shadowwrite.verification.pin.RepeatedPin;
import io.shadowwrite.verification.pin.SnapshotPin;
import io.shadowwrite.verification.pin.SourceHour;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.progress.Step;
import io.shadowwrite.verification.session.TargetConnection;
import io.shadowwrite.verification.verdict.Verdict;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks that this is the migration the window was opened for; then one run, or of a simulated clock several: register it, run
 * the tick, store the verdict, tell it. Whoever kills it leaves a run that began and did not end; one that fails leaves its
 * reason.
 */
final class VerifierJob {

    private static final Logger LOG = LoggerFactory.getLogger(VerifierJob.class);
    private static final Duration PIN_PAUSE = Duration.ofSeconds(5);
    private static final Duration COUNTED_WITHIN = Duration.ofSeconds(30);

    private final VerifierProperties settings;
    private final JobOptions options;
    private final Contract contract;
    private final ShadowApi api;
    private final PrintStream out;
    private final Progress progress;

    VerifierJob(
            VerifierProperties settings,
            JobOptions options,
            Contract contract,
            ShadowApi api,
            PrintStream out,
            Progress progress) {
        this.settings = settings;
        this.options = options;
        this.contract = contract;
        this.api = api;
        this.out = out;
        this.progress = progress;
    }

    /**
     * Runs and stores, for each hour that is asked for until one has another exit code than 0.
     *
     * @throws io.shadowwrite.protocol.ShadowProblem when the API does not answer or refuses
     * @throws StartFailure when this is not the migration of the window
     */
    ExitCode run() {
        if (settings.disabled()) {
            LOG.info("Switched off by shadow.disabled; nothing was verified");
            return ExitCode.DONE;
        }
        Patience patience = new Patience(settings.api().patience());
        SourceConnection source = settings.source().connection();
        Window window = patience.call(api::verifierState).window();
        new WindowCheck(window).accepts(settings.migrationId(), contract, source);
        for (TickHours hour : options.hours()) {
            ExitCode code = run(hour, source, window, patience);
            if (code != ExitCode.DONE) {
                return code;
            }
        }
        return ExitCode.DONE;
    }

    private ExitCode run(TickHours hour, SourceConnection source, Window window, Patience patience) {
        String gate = gate(patience);
        if (gate != null) {
            return leftOut("nothing was compared and nothing stored: %s holds the consumer".formatted(gate));
        }
        UUID runId = UUID.randomUUID();
        RunStart start = new RunStart(
                runId,
                options.mode().label(),
                options.mode() == Mode.HOURLY ? hour.of(SourceHour.read(source)) : null,
                hour.clock(),
                Instant.now().truncatedTo(ChronoUnit.MICROS));
        patience.call(() -> api.startRun(start));
        try {
            return judged(start, result(source, window, runId), patience);
        } catch (RuntimeException e) {
            new FailedRun(start, patience, progress).store(api, e);
            throw e;
        }
    }

    /** Who holds the consumer for a cutover, which an hour must not be held against; null when nobody does, or it is not an hour's run. */
    private @Nullable String gate(Patience patience) {
        if (options.mode() != Mode.HOURLY) {
            return null;
        }
        Hold hold = patience.call(api::controlState).hold();
        return hold != null && hold.ofCutover() ? hold.holder() : null;
    }

    /** Nothing is stored of the hour: an inconclusive run would break the run of clean hours that the permit needs. */
    private ExitCode leftOut(String reason) {
        LOG.info(
                "The hour is left out, {}; when the cutover ends without a permit, run it again within the hour",
                reason);
        Report report = new Report(out, options.images());
        if (options.json()) {
            report.leftOut(reason);
        } else {
            out.println("left out   " + reason);
            out.flush();
        }
        return options.failOnVerdict() ? ExitCode.INCONCLUSIVE : ExitCode.DONE;
    }

    private ExitCode judged(RunStart start, TickResult result, Patience patience) {
        if (result.pinLsn() == null) {
            // It had begun when the gate took over. What it left would count against its hour.
            String gate = gate(patience);
            if (gate != null) {
                patience.call(() -> api.storeRun(Runs.ofNoHour(start, options.mode(), result)));
                return leftOut("it had begun and is stored for no hour: %s holds the consumer".formatted(gate));
            }
        }
        UUID runId = start.runId();
        LogSequenceNumber pin = result.pinLsn();
        if (options.mode() == Mode.HOURLY && result.verdict() == Verdict.CLEAN && pin != null) {
            new CountedChanges(api, COUNTED_WITHIN).await(pin);
        }
        progress.step(Step.STORE, "run " + runId);
        VerifierRun found = Runs.of(start, options.mode(), result);
        RunStored stored = patience.call(() -> api.storeRun(found));
        // The API knows of open letters and of uncounted changes; what is stored is what counts, and what the exit code
        // must say.
        VerifierRun run = found.judged(stored.verdict(), stored.reason());
        progress.step(Step.STORED, "%s as run %s: %s".formatted(run.verdict(), runId, run.reason()));
        tell(new StoredTick(run, result.unmapped(), stored));
        return exit(run);
    }

    private TickResult result(SourceConnection source, Window window, UUID runId) {
        return switch (options.mode()) {
            case HOURLY -> tick(source, window, runId).run();
            case POST_BACKFILL -> afterBackfill(source, window).run();
            case CUTOVER ->
                new CutoverRun(settings, contract, source, progress)
                        .at(requireNonNull(options.lsn()), pinSettings(), tickSettings(window));
        };
    }

    private Tick tick(SourceConnection source, Window window, UUID runId) {
        TargetConnection target = settings.target().connection();
        PinSettings pin = pinSettings();
        ApiHoldControl control = new ApiHoldControl(api, "verifier-job " + runId);
        Pin barrier = checked(source, new BarrierPin(source, target, control, pin, progress));
        Pin either = new FallbackPin(
                new RepeatedPin(barrier, settings.verifier().pinPatience(), PIN_PAUSE),
                checked(source, new RaceWindowPin(source, target, control, pin, progress)));
        return new Tick(contract, either, tickSettings(window), Clock.systemUTC(), progress);
    }

    private Pin checked(SourceConnection source, Pin pin) {
        return new CheckedPin(
                source, connection -> SourceLook.at(contract, connection).problems(), pin);
    }

    /** Nothing is excused, as nothing moves yet. */
    private Tick afterBackfill(SourceConnection source, Window window) {
        Pin pin = new SnapshotPin(
                source,
                settings.target().connection(),
                requireNonNull(options.snapshot()),
                requireNonNull(options.lsn()),
                pinSettings(),
                progress);
        return new Tick(contract, checked(source, pin), tickSettings(window), Clock.systemUTC(), progress);
    }

    private PinSettings pinSettings() {
        VerifierProperties.Verifier verifier = settings.verifier();
        return new PinSettings(
                verifier.readers(),
                verifier.holdLease(),
                verifier.barrierTimeout(),
                verifier.longTransactionLimit(),
                verifier.slotWait(),
                verifier.statementTimeout());
    }

    private TickSettings tickSettings(Window window) {
        VerifierProperties.Verifier verifier = settings.verifier();
        return new TickSettings(
                Lsn.max(window.consumerBaseline(), window.verifierBaseline()),
                verifier.bucketBits(),
                verifier.fetchSize(),
                verifier.findingsCap(),
                verifier.allowEmpty(),
                verifier.tickTimeout());
    }

    private void tell(StoredTick tick) {
        Report report = new Report(out, options.images());
        if (options.json()) {
            report.json(tick);
        } else {
            report.table(tick);
        }
    }

    private ExitCode exit(VerifierRun run) {
        if (!options.failOnVerdict()) {
            return ExitCode.DONE;
        }
        return switch (run.verdict()) {
            case CLEAN -> ExitCode.DONE;
            case DIRTY -> ExitCode.DIRTY;
            case INCONCLUSIVE -> ExitCode.INCONCLUSIVE;
        };
    }
}
