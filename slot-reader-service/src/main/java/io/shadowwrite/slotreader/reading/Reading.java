package io.shadowwrite.slotreader.reading;

import io.micrometer.core.instrument.MeterRegistry;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.protocol.PatientCaller;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.replication.stream.SlotSettings;
import io.shadowwrite.slotreader.SlotReaderProperties;
import io.shadowwrite.slotreader.StartFailure;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** The reading thread as a part of the program: started once the program stands, stopped first. */
final class Reading implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Reading.class);

    /** What an interrupted reading needs to close its stream. */
    private static final Duration CLOSE_BOUND = Duration.ofMillis(2500);

    private final SlotReaderProperties settings;
    private final SourceChecks checks;
    private final ReadingLoop loop;
    private final StopSignal stop = new StopSignal();

    private @Nullable Thread thread;

    Reading(
            SlotReaderProperties settings,
            Contract contract,
            ShadowApi api,
            Progress progress,
            MeterRegistry registry) {
        SlotSettings slot = slot(settings);
        this.settings = settings;
        this.checks = new SourceChecks(contract, slot.connection(), slot.applicationName());
        this.loop = new ReadingLoop(
                settings,
                contract,
                slot,
                checks,
                new ShadowLink(
                        api,
                        new PatientCaller(stop),
                        progress,
                        settings.reading().reportInterval()),
                progress,
                new ReadingMetrics(registry, progress),
                stop);
    }

    @Override
    public boolean isAutoStartup() {
        if (settings.disabled()) {
            log.info("shadow.disabled is set: nothing is read");
        }
        return !settings.disabled();
    }

    /**
     * Starts the thread.
     *
     * @throws StartFailure when the source does not let us in or cannot be decoded
     */
    @Override
    public void start() {
        try {
            List<String> problems = checks.server();
            if (!problems.isEmpty()) {
                throw new StartFailure(StartFailure.UNREACHABLE, String.join(" | ", problems), null);
            }
        } catch (StreamProblem problem) {
            throw new StartFailure(StartFailure.UNREACHABLE, String.valueOf(problem.getMessage()), problem);
        }
        thread = Thread.ofPlatform().name("slot-reader-reading").start(loop);
    }

    /** Lets the call in flight end, confirms what it applied, and closes the stream. */
    @Override
    public void stop() {
        Thread running = thread;
        thread = null;
        if (running == null) {
            return;
        }
        stop.raise();
        try {
            if (!running.join(settings.reading().stopWithin())) {
                log.warn("The reading is still waiting for an answer and is interrupted; it will be sent again");
                running.interrupt();
                running.join(CLOSE_BOUND);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private static SlotSettings slot(SlotReaderProperties settings) {
        SlotReaderProperties.Source source = settings.source();
        SlotSettings defaults = SlotSettings.of(
                new SourceConnection(source.url(), source.user(), source.password()),
                settings.slot().name(),
                "shadow-slot-reader/" + ProcessHandle.current().pid());
        return new SlotSettings(
                defaults.connection(),
                defaults.slotName(),
                defaults.applicationName(),
                defaults.statusInterval(),
                defaults.maxInFlightChanges(),
                defaults.maxInFlightBytes(),
                settings.window().maxTransactionChanges(),
                defaults.maxTransactionBytes(),
                defaults.maxMessageBytes(),
                defaults.stallAfter(),
                null);
    }
}
