package io.shadowwrite.consumer.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import io.shadowwrite.consumer.ConsumerProperties;
import io.shadowwrite.consumer.StartFailure;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.protocol.PatientCaller;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.replication.stream.SlotSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** The delivery thread as a part of the program: started once the program stands, stopped first. */
final class Delivery implements SmartLifecycle {

    /** A transaction is one request, and shadow-api takes 64 MiB; what one change becomes may be larger than the change. */
    private static final long MAX_TRANSACTION_BYTES = 32L << 20;

    private static final Logger log = LoggerFactory.getLogger(Delivery.class);

    /** What an interrupted delivery needs to close its stream. */
    private static final Duration CLOSE_BOUND = Duration.ofMillis(2500);

    private final ConsumerProperties settings;
    private final SourceChecks checks;
    private final DeliveryLoop loop;
    private final StopSignal stop = new StopSignal();

    private @Nullable Thread thread;

    Delivery(
            ConsumerProperties settings,
            Contract contract,
            ShadowApi api,
            Progress progress,
            MeterRegistry registry,
            InstantSource clock) {
        SlotSettings slot = slot(settings);
        this.settings = settings;
        this.checks = new SourceChecks(contract, slot.connection(), slot.applicationName());
        this.loop = new DeliveryLoop(
                settings,
                contract,
                slot,
                checks,
                new ShadowLink(
                        api,
                        new PatientCaller(stop),
                        progress,
                        settings.delivery().reportInterval()),
                progress,
                new DeliveryMetrics(registry, progress, clock),
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
        thread = Thread.ofPlatform().name("consumer-delivery").start(loop);
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
            if (!running.join(settings.delivery().stopWithin())) {
                log.warn("The delivery is still waiting for an answer and is interrupted; it will be sent again");
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

    private static SlotSettings slot(ConsumerProperties settings) {
        ConsumerProperties.Source source = settings.source();
        SlotSettings defaults = SlotSettings.of(
                new SourceConnection(source.url(), source.user(), source.password()),
                settings.slot().name(),
                "shadow-consumer/" + ProcessHandle.current().pid());
        return new SlotSettings(
                defaults.connection(),
                defaults.slotName(),
                defaults.applicationName(),
                defaults.statusInterval(),
                defaults.maxInFlightChanges(),
                defaults.maxInFlightBytes(),
                settings.window().maxTransactionChanges(),
                MAX_TRANSACTION_BYTES,
                defaults.maxMessageBytes(),
                defaults.stallAfter(),
                null);
    }
}
